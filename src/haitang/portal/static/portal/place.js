/* Choosing a community shows it on the map, outlined and named. Without this file the map stays where it was. */
(function () {
  "use strict";
  var select = document.getElementById("id_area_code"), box = document.getElementById("report-map");
  if (!select || !box) { return; }
  var shapes = null, shown = null;
  function load() {
    shapes = shapes || fetch(box.dataset.areasUrl).then(function (answer) { return answer.json(); });
    return shapes;
  }
  function show() {
    if (!select.value || !box.haitangMap) { return; }
    load().then(function (data) {
      data.features.forEach(function (feature) {
        if (feature.properties.code === select.value) {
          if (shown) { shown.remove(); }
          shown = window.L.geoJSON(feature, { interactive: false, style: { color: "#1d5fae", weight: 3, fillOpacity: 0.12 } })
            .addTo(box.haitangMap);
          shown.bindTooltip(document.createTextNode(feature.properties.name), { permanent: true, direction: "center", className: "ht-map-label", interactive: false }).openTooltip();
          box.haitangMap.fitBounds(shown.getBounds(), { padding: [8, 8], maxZoom: 17 });
        }
      });
    }).catch(function () { shapes = null; });
  }
  select.addEventListener("change", show);
  box.addEventListener("haitang:map:areas", show);
})();
