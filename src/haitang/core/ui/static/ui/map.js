/* Maps by Leaflet, with or without a base map. Everything is WGS84; a blank canvas with boundaries is enough.
   An element with data-map shows data-areas-url (polygons), data-url (points or polygons), data-point ("lon,lat"),
   and with data-lon-input / data-lat-input (ids of inputs) lets a point be picked. */
(function () {
  "use strict";
  var COLOURS = { red: "#b3261e", orange: "#c77700", green: "#1c6b3a", blue: "#1d5fae", grey: "#56606e" };

  function text(value) { var node = document.createElement("span"); node.textContent = value == null ? "" : String(value); return node; }

  function popup(properties) {
    var box = document.createElement("div");
    if (properties.tag) { var tag = text(properties.tag); tag.className = "ht-tag ht-tag-" + (COLOURS[properties.colour] ? properties.colour : "grey"); box.appendChild(tag); box.appendChild(document.createTextNode(" ")); }
    var title = properties.url ? document.createElement("a") : document.createElement("b");
    if (properties.url) { title.href = properties.url; }
    title.textContent = properties.title || properties.name || "";
    box.appendChild(title);
    if (properties.text) { var more = document.createElement("div"); more.textContent = properties.text; box.appendChild(more); }
    return box;
  }

  function areaStyle(feature) {
    if (!isArea(feature)) { return {}; }
    var p = feature.properties || {};
    var colour = COLOURS[p.colour] || "#8f2f45";
    return { color: colour, weight: p.weight || 1.5, opacity: 0.8, fillColor: colour, fillOpacity: p.colour ? 0.22 : 0.05 };
  }

  function describe(feature, layer) {
    var p = feature.properties || {};
    if (p.url || p.text) { layer.bindPopup(function () { return popup(p); }); }
    if (p.name && isArea(feature)) {
      layer.bindTooltip(text(p.name), p.label ? { permanent: true, direction: "center", className: "ht-map-label", pane: "labels" } : { sticky: true });
    }
  }

  function isArea(feature) { return Boolean(feature.geometry) && /Polygon/.test(feature.geometry.type); }

  function dot(feature, latlng) {
    var p = feature.properties || {};
    return L.circleMarker(latlng, { radius: p.radius || 7, color: "#fff", weight: 2, fillColor: COLOURS[p.colour] || COLOURS.blue, fillOpacity: 1 })
      .bindPopup(function () { return popup(p); });
  }

  function load(box, url, options, done) {
    if (!url) { done(null); return; }
    fetch(url, { headers: { Accept: "application/geo+json, application/json" }, credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
      .then(function (data) { return L.geoJSON(data, options); })
      .catch(function () {
        var note = document.createElement("p");
        note.className = "ht-error"; note.setAttribute("role", "alert"); note.textContent = box.dataset.textFailed;
        box.parentNode.appendChild(note);
        return null;
      })
      .then(done);
  }

  function start(box) {
    if (box.dataset.mapReady || !window.L) { return; }
    box.dataset.mapReady = "1";
    var map = L.map(box, { preferCanvas: true, zoomControl: false, attributionControl: Boolean(box.dataset.tiles), maxZoom: 19, zoomSnap: box.dataset.tiles ? 1 : 0.25 });
    if (map.attributionControl) { map.attributionControl.setPrefix(false); }
    L.control.zoom({ zoomInTitle: box.dataset.textZoomIn, zoomOutTitle: box.dataset.textZoomOut }).addTo(map);
    if (box.dataset.tiles) { L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 19 }).addTo(map); }
    map.createPane("labels").style.zIndex = 390; /* names of areas stay below the points */
    map.setView([35, 105], 4);
    box.haitangMap = map;

    var point = (box.dataset.point || "").split(",").map(Number);
    var hasPoint = point.length === 2 && isFinite(point[0]) && isFinite(point[1]) && box.dataset.point !== "";
    var lon = document.getElementById(box.dataset.lonInput || ""), lat = document.getElementById(box.dataset.latInput || "");
    if (!hasPoint && lon && lat && lon.value && lat.value) { point = [Number(lon.value), Number(lat.value)]; hasPoint = isFinite(point[0]) && isFinite(point[1]); }
    var fitted = false;
    function fit(layer) {
      if (hasPoint) { if (!fitted) { map.setView([point[1], point[0]], 16); fitted = true; } return; }
      if (layer && layer.getBounds().isValid()) { map.fitBounds(layer.getBounds(), { padding: [12, 12], maxZoom: 17 }); fitted = true; }
    }

    load(box, box.dataset.areasUrl, { style: areaStyle, onEachFeature: describe, filter: isArea }, function (areas) {
      if (areas) { areas.addTo(map).bringToBack(); }
      fit(areas);
      box.dispatchEvent(new CustomEvent("haitang:map:areas", { bubbles: true }));
    });
    var shown = null;
    function reload() {
      load(box, box.dataset.url, { style: areaStyle, onEachFeature: describe, pointToLayer: dot }, function (layer) {
        if (shown) { map.removeLayer(shown); }
        shown = layer;
        if (layer) { layer.addTo(map).bringToFront(); if (!fitted) { fit(layer); } }
        box.dispatchEvent(new CustomEvent("haitang:map:points", { bubbles: true }));
      });
    }
    if (box.dataset.url) { reload(); }
    box.addEventListener("haitang:refresh", reload);

    var marker = null;
    function mark(latlng) {
      if (!marker) {
        marker = L.circleMarker(latlng, { radius: 9, color: "#fff", weight: 3, fillColor: "#b3261e", fillOpacity: 1 }).addTo(map);
        if (box.dataset.textHere) { marker.bindTooltip(text(box.dataset.textHere)); }
      } else { marker.setLatLng(latlng); }
    }
    if (hasPoint) { mark([point[1], point[0]]); fit(null); }
    if (lon && lat) { pick(box, map, lon, lat, mark); }
  }

  function pick(box, map, lon, lat, mark) {
    function choose(latlng) {
      var where = latlng.wrap ? latlng.wrap() : latlng;
      lon.value = where.lng.toFixed(6); lat.value = where.lat.toFixed(6);
      mark(where);
      [lon, lat].forEach(function (input) { input.dispatchEvent(new Event("change", { bubbles: true })); });
    }
    map.on("click", function (event) { choose(event.latlng); });
    var cross = document.createElement("div"); cross.className = "ht-map-cross"; cross.hidden = true; box.appendChild(cross);
    box.addEventListener("focus", function () { cross.hidden = false; });
    box.addEventListener("blur", function () { cross.hidden = true; });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target === box) { event.preventDefault(); choose(map.getCenter()); }
    });
    function typed(event) {
      if (!event.isTrusted) { return; }
      var x = parseFloat(lon.value), y = parseFloat(lat.value);
      if (isFinite(x) && isFinite(y) && Math.abs(y) <= 90 && Math.abs(x) <= 180) { mark([y, x]); map.setView([y, x], Math.max(map.getZoom(), 15)); }
    }
    lon.addEventListener("change", typed); lat.addEventListener("change", typed);
    if (navigator.geolocation && box.dataset.textLocate && window.isSecureContext) {
      var button = document.createElement("button");
      button.type = "button"; button.className = "btn btn-sm"; button.textContent = box.dataset.textLocate;
      button.addEventListener("click", function () {
        navigator.geolocation.getCurrentPosition(function (found) {
          var where = L.latLng(found.coords.latitude, found.coords.longitude);
          map.setView(where, 17); choose(where);
        }, function () { button.disabled = true; }, { enableHighAccuracy: true, timeout: 10000 });
      });
      box.parentNode.appendChild(button);
    }
  }

  function all(root) { (root.querySelectorAll ? root : document).querySelectorAll("[data-map]").forEach(start); }
  if (!window.haitangMaps) {
    window.haitangMaps = { areaStyle: areaStyle, describe: describe, dot: dot, isArea: isArea, popup: popup, text: text };
    document.addEventListener("htmx:after:swap", function () { all(document); });
  }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", function () { all(document); }); } else { all(document); }
})();
