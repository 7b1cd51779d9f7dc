// The page says everything without this script: each mark has a title, which browsers show by
// themselves. The script only shows the same text at once, and beside the pointer.
(function () {
  'use strict';
  var tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  document.body.appendChild(tip);

  function place(x, y) {
    var left = Math.min(x + 14, window.innerWidth - tip.offsetWidth - 8);
    var above = y - tip.offsetHeight - 12;
    tip.style.left = Math.max(8, left) + 'px';
    tip.style.top = (above > 8 ? above : y + 18) + 'px';
  }

  function show(text, x, y) {
    tip.textContent = text;
    tip.hidden = false;
    place(x, y);
  }

  function hide() {
    tip.hidden = true;
  }

  document.querySelectorAll('[data-tip]').forEach(function (mark) {
    var title = mark.querySelector('title');
    var text = title ? title.textContent : mark.getAttribute('title');
    if (title) {
      title.remove();
      mark.setAttribute('aria-label', text);
    } else {
      mark.removeAttribute('title');
    }
    mark.addEventListener('mousemove', function (event) {
      show(text, event.clientX, event.clientY);
    });
    mark.addEventListener('mouseleave', hide);
    mark.addEventListener('focus', function () {
      var box = mark.getBoundingClientRect();
      show(text, box.left + box.width / 2, box.top);
    });
    mark.addEventListener('blur', hide);
  });
  window.addEventListener('scroll', hide, {passive: true});
})();
