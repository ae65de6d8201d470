/* The map of open cases, over ui/map.js: outlines by zoom level, bubbles with counts while an area is seen as a whole,
   points from there on. Whatever the map is moved over is fetched once, with a margin. */
(function () {
  "use strict";
  var MARGIN = 0.35, WAIT_MS = 250, BUBBLE_ZOOMS = 2;

  function get(url) {
    return fetch(url, { headers: { Accept: "application/geo+json, application/json" }, credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); });
  }
  function boxOf(bounds) {
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(function (n) { return n.toFixed(6); }).join(",");
  }
  function withParameters(url, more) { return url + (url.indexOf("?") < 0 ? "?" : "&") + more; }

  function bubble(feature, latlng) {
    var p = feature.properties, size = Math.round(30 + 7 * Math.log(p.count) / Math.LN10 * 2);
    var face = document.createElement("span");
    face.textContent = p.count >= 10000 ? (p.count / 10000).toFixed(1) + "万" : String(p.count);
    var icon = L.divIcon({ className: "cm-bubble", iconSize: [size, size], html: face });
    return L.marker(latlng, { icon: icon, title: p.title + " " + p.text, alt: p.title + " " + p.text })
      .bindTooltip(window.haitangMaps.text(p.title), { permanent: true, direction: "bottom", offset: [0, size / 2], className: "ht-map-label", pane: "names" })
      .bindPopup(function () { return window.haitangMaps.popup(p); });
  }
  function point(feature, latlng) {
    var p = feature.properties;
    return window.haitangMaps.dot({ properties: Object.assign({}, p, { text: p.remaining + " · " + p.text }) }, latlng);
  }

  function begin(frame, box) {
    var map = box.haitangMap, say = frame.dataset, note = frame.querySelector("[data-case-map-note]");
    var levels = (say.levels || "").split(" "), fitted = map.getZoom();
    map.createPane("names").style.zIndex = 590; /* under the bubbles, which would be hidden by a neighbour's name */
    var shown = { cases: null, areas: null }, covered = { cases: null, areas: null }, asked = { cases: 0, areas: 0 };
    var mode = "", level = "";

    function show(name, layer, under) {
      if (shown[name]) { map.removeLayer(shown[name]); }
      shown[name] = layer;
      if (layer) { layer.addTo(map); if (under) { layer.bringToBack(); } }
    }
    function fetchInto(name, url, options, under, done) {
      var turn = ++asked[name];
      get(url).then(function (data) {
        if (turn !== asked[name]) { return; }
        show(name, L.geoJSON(data, options), under);
        if (done) { done(data); }
      }).catch(function () { covered[name] = null; });
    }
    function tell(text) { if (note) { note.textContent = text; note.hidden = !text; } }

    function cases(force) {
      var next = say.countsUrl && map.getZoom() < fitted + BUBBLE_ZOOMS ? "counts" : "points";
      var view = map.getBounds();
      if (!force && next === mode && (next === "counts" || (covered.cases && covered.cases.contains(view)))) { return; }
      mode = next;
      if (mode === "counts") {
        fetchInto("cases", say.countsUrl, { pointToLayer: bubble }, false, function () { tell(""); });
        return;
      }
      covered.cases = view.pad(MARGIN);
      fetchInto("cases", withParameters(say.pointsUrl, "bbox=" + boxOf(covered.cases)), { pointToLayer: point }, false, function (data) {
        tell(data.is_more ? say.textMore : "");
        if (data.is_more) { covered.cases = null; } /* closer in, others come to light */
      });
    }
    function areas() {
      var depth = map.getZoom() - fitted - 2, wanted = depth < 0 ? "" : levels[Math.min(depth, levels.length - 1)] || "";
      var view = map.getBounds();
      if (!wanted) { level = ""; covered.areas = null; asked.areas++; show("areas", null); return; }
      if (wanted === level && covered.areas && covered.areas.contains(view)) { return; }
      level = wanted;
      covered.areas = view.pad(MARGIN);
      var tools = window.haitangMaps;
      fetchInto("areas", withParameters(say.outlinesUrl, "level=" + wanted + "&bbox=" + boxOf(covered.areas)),
        { style: tools.areaStyle, onEachFeature: tools.describe, filter: tools.isArea }, true);
    }
    var timer = 0;
    map.on("moveend", function () { window.clearTimeout(timer); timer = window.setTimeout(function () { cases(false); areas(); }, WAIT_MS); });
    box.addEventListener("haitang:refresh", function () { cases(true); });
    cases(true);
  }

  document.addEventListener("haitang:map:areas", function (event) {
    var frame = event.target.closest ? event.target.closest("[data-case-map]") : null;
    if (frame && !frame.caseMapReady) { frame.caseMapReady = true; begin(frame, event.target); }
  });
})();
