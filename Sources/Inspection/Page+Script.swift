// What a page does when it is used: chooses the plane, moves between picture and bits, and reads
// the bits of a pixel from the colours of the map. Without scripts, it shows half of each.
extension Page {
  static let script = """
    (function () {
      'use strict';
      var view = document.getElementById('view');
      if (!view) return;
      var maps = Array.prototype.slice.call(view.querySelectorAll('.heat'));
      var ticks = document.getElementById('ticks').children;
      var readout = document.getElementById('readout');
      var palette = {};
      for (var i = 0; i < 256; i++) {
        var colour = parseInt(view.dataset.palette.substr(6 * i, 6), 16);
        if (!(colour in palette)) palette[colour] = i;
      }
      var current = maps[0], pixels = null;

      function short(x) {
        if (x === 0) return '0';
        return x.toFixed(x >= 100 ? 0 : x >= 10 ? 1 : x >= 1 ? 2 : x >= 0.1 ? 3 : 4);
      }

      function bits(place) {
        return current.dataset.top * Math.pow(place, 1 / current.dataset.power);
      }

      function choose(number) {
        maps.forEach(function (map, k) { map.hidden = k !== number; });
        current = maps[number];
        pixels = null;
        var isCut = current.dataset.cut === '1';
        for (var k = 1; k < 5; k++)
          ticks[k].textContent = (k === 4 && isCut ? '≥ ' : '') + short(bits(k / 4));
        readout.textContent = 'bits a pixel';
      }

      function read() {
        var canvas = document.createElement('canvas');
        canvas.width = current.naturalWidth;
        canvas.height = current.naturalHeight;
        var context = canvas.getContext('2d');
        context.drawImage(current, 0, 0);
        return context.getImageData(0, 0, canvas.width, canvas.height);
      }

      function point(event) {
        var box = view.getBoundingClientRect();
        var x = Math.floor((event.clientX - box.left) / box.width * view.dataset.width);
        var y = Math.floor((event.clientY - box.top) / box.height * view.dataset.height);
        if (x < 0 || y < 0 || x >= +view.dataset.width || y >= +view.dataset.height) return;
        pixels = pixels || read();
        var side = +view.dataset.side;
        var at = 4 * (Math.floor(y / side) * pixels.width + Math.floor(x / side));
        var rgb = pixels.data[at] * 65536 + pixels.data[at + 1] * 256 + pixels.data[at + 2];
        var step = palette[rgb];
        if (step === undefined) return;
        var isMost = step === 255 && current.dataset.cut === '1';
        readout.textContent = 'column ' + x + ', row ' + y + ': ' + (isMost ? '≥ ' : '')
          + short(bits(step / 255)) + ' bits';
      }

      var slider = document.getElementById('blend');
      slider.addEventListener('input', function () {
        view.style.setProperty('--blend', slider.value + '%');
      });
      document.getElementById('show-tiles').addEventListener('change', function () {
        view.classList.toggle('outlined', this.checked);
      });
      Array.prototype.forEach.call(document.getElementsByName('plane'), function (button) {
        button.addEventListener('change', function () { choose(+button.value); });
      });
      Array.prototype.forEach.call(document.getElementsByName('mode'), function (button) {
        button.addEventListener('change', function () {
          view.classList.toggle('split', button.value === 'split');
          view.classList.toggle('blend', button.value === 'blend');
        });
      });
      view.addEventListener('pointermove', point);
      view.addEventListener('pointerdown', function (event) {
        if (!view.classList.contains('split')) return;
        var box = view.getBoundingClientRect();
        slider.value = 100 - 100 * (event.clientX - box.left) / box.width;
        slider.dispatchEvent(new Event('input'));
      });
    })();
    """
}
