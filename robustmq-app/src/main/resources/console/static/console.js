// Local times beside UTC, which the server cannot know. Everything else works without scripts, or is htmx.
(function () {
  'use strict';

  function two(number) {
    return String(number).padStart(2, '0');
  }

  function local(moment) {
    return moment.getFullYear() + '-' + two(moment.getMonth() + 1) + '-' + two(moment.getDate()) + ' ' +
      two(moment.getHours()) + ':' + two(moment.getMinutes()) + ':' + two(moment.getSeconds());
  }

  function show(root) {
    root.querySelectorAll('time[datetime]:not([title])').forEach(function (element) {
      var moment = new Date(element.getAttribute('datetime'));
      if (isNaN(moment)) {
        return;
      }
      var utc = element.textContent;
      element.title = utc;
      if (moment.getTimezoneOffset() !== 0) {
        element.textContent = local(moment);
        var beside = document.createElement('small');
        beside.textContent = utc.substring(11);
        element.append(' ', beside);
      }
    });
  }

  document.addEventListener('DOMContentLoaded', function () {
    show(document);
  });
  document.addEventListener('htmx:load', function (event) {
    show(event.detail.elt);
  });
})();
