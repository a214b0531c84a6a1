/* Conveniences on top of pages that work without them. No library, no inline code, nothing kept in the browser
   beyond the page's life. Floor: Chromium 86. */
(function () {
  'use strict';
  var doc = document, root = doc.documentElement;
  function one(sel, in_) { return (in_ || doc).querySelector(sel); }
  function all(sel, in_) { return Array.prototype.slice.call((in_ || doc).querySelectorAll(sel)); }
  function say(name, arg) { return (doc.body.getAttribute('data-say-' + name) || '').split('{0}').join(arg === undefined ? '' : arg); }
  function announce(text) { var live = one('#live'); if (live) live.textContent = text; }
  function fire(el, type) { el.dispatchEvent(new Event(type, { bubbles: true })); }

  /* ---- navigation on small screens, menus, dialogs ---- */
  function closeMenus(except) {
    all('details.menu[open]').forEach(function (d) { if (d !== except && !d.contains(except)) d.open = false; });
  }
  function toggleNav(button) {
    var open = one('#side').classList.toggle('open');
    button.setAttribute('aria-expanded', String(open));
  }
  function openKeys() {
    var sheet = one('#keys');
    if (sheet && sheet.showModal && !sheet.open) sheet.showModal();
  }
  doc.addEventListener('click', function (e) {
    var t = e.target.closest ? e.target : e.target.parentElement;
    if (!t) return;
    closeMenus(t.closest('details.menu'));
    var nav = t.closest('[data-nav]');
    if (nav) { e.preventDefault(); toggleNav(nav); return; }
    if (t.closest('[data-keys-open]')) { openKeys(); return; }
    if (t.closest('[data-print-page]')) { window.print(); return; }
    if (t.closest('[data-close]')) { closeMenus(null); return; }
    if (t.closest('[data-toast-close]')) { t.closest('[data-toast]').remove(); return; }
    var snippet = t.closest('[data-snippet]');
    if (snippet) { addSnippet(snippet); return; }
    var quote = t.closest('[data-cite]');
    if (quote) { cite(quote); return; }
    var get = t.closest('a[data-download]');
    if (get && !e.ctrlKey && !e.metaKey && !e.shiftKey && window.fetch && window.ReadableStream) { e.preventDefault(); download(get); }
  });
  doc.addEventListener('toggle', function (e) {
    if (!e.target.open || !e.target.matches('details.ask')) return;
    var field = one('textarea,input:not([type=hidden])', e.target);
    if (field) field.focus();
  }, true);

  /* A common wording goes to the end of the opinion it belongs to. */
  function addSnippet(button) {
    var area = doc.getElementById(button.getAttribute('data-snippet'));
    if (!area) return;
    var text = button.getAttribute('data-text') || button.textContent.trim();
    area.value += (area.value && !/[\s。；;.]$/.test(area.value) ? '；' : '') + text;
    fire(area, 'input');
    area.focus();
  }

  /* A passage selected in the report goes into the opinion in quotation marks. A click may take the selection away,
     so the last one is remembered. */
  var cited = '';
  doc.addEventListener('selectionchange', function () {
    var picked = doc.getSelection(), text = String(picked).trim(), from = text && one('[data-citable]');
    if (from && from.contains(picked.anchorNode)) cited = text;
  });
  function cite(button) {
    var area = doc.getElementById(button.getAttribute('data-cite'));
    if (!area || !cited) { announce(button.title); return; }
    area.value += (area.value ? '\n' : '') + '“' + cited + '”';
    fire(area, 'input');
    area.focus();
  }
  /* A word beyond the fail line needs an opinion: its box opens. The footer says what is still missing. */
  function judged(radio) {
    var group = radio.closest('[data-verdicts]'), box = group && one('details', group);
    if (box && radio.closest('.no')) box.open = true;
    lacking();
  }
  function lacking() {
    var out = one('[data-lacking]');
    if (!out) return;
    var names = all('[role=radiogroup]', out.closest('form')).filter(function (g) { return !one('input:checked', g); })
      .map(function (g) { return doc.getElementById(g.getAttribute('aria-labelledby')).firstChild.textContent.trim(); });
    out.textContent = names.length ? out.getAttribute('data-words').replace('{0}', names.length).replace('{1}', names.join(root.lang === 'en' ? ', ' : '、'))
      : out.getAttribute('data-none');
  }

  /* ---- keyboard: ui.md section 8 ---- */
  var rows = [], at = -1;
  function readRows() {
    rows = all('[data-row]');
    at = rows.findIndex(function (r) { return r.classList.contains('cur'); });
  }
  function go(to) {
    to = Math.max(0, Math.min(rows.length - 1, to));
    rows.forEach(function (r, i) { r.classList.toggle('cur', i === to); r.tabIndex = i === to ? 0 : -1; });
    rows[to].focus({ preventScroll: true });
    rows[to].scrollIntoView({ block: 'nearest' });
    at = to;
  }
  function move(step) {
    if (rows.length) { go(at + step); return true; }
    return press(step > 0 ? '[data-next]' : '[data-prev]');
  }
  function press(sel) {
    var el = one(sel);
    if (!el || el.disabled) return false;
    el.click();
    return true;
  }
  function selectRow() {
    var box = rows[at] && one('input[type=checkbox]', rows[at]);
    if (!box) return false;
    box.checked = !box.checked;
    fire(box, 'change');
    return true;
  }
  function openRow(target) {
    if (rows[at] !== target) return false;
    var link = one('a[href]', target);
    if (!link) return false;
    link.click();
    return true;
  }
  function verdict(n, target) {
    var group = target.closest('[data-verdicts]');
    var radio = group && all('input[type=radio]', group)[n - 1];
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    fire(radio, 'change');
    return true;
  }
  function clearAll() {
    closeMenus(null);
    var side = one('#side.open');
    if (side) { side.classList.remove('open'); one('[data-nav]').setAttribute('aria-expanded', 'false'); }
    all('[data-row] input[type=checkbox]:checked').forEach(function (b) { b.checked = false; });
    bulk();
    return false;
  }
  function focusOn(sel) { var el = one(sel); if (!el) return false; el.focus(); if (el.select) el.select(); return true; }
  function writes(el) {
    return el.isContentEditable || /^(TEXTAREA|SELECT)$/.test(el.tagName) ||
      (el.tagName === 'INPUT' && !/^(checkbox|radio|button|submit|reset)$/.test(el.type));
  }
  function withControl(key, target) {
    if (key === 'k') return focusOn('[data-search]');
    if (key === 'Enter') return submitFrom(target);
    if (key === 's') return saveNow(target);
    return false;
  }
  var single = {
    j: function () { return move(1); }, k: function () { return move(-1); },
    x: selectRow, Enter: openRow,
    '/': function () { return focusOn('[data-filter]'); },
    '?': function () { openKeys(); return true; },
    f: function () { return press('[data-flag]'); },
    n: function () { return press('[data-next-diff]'); }
  };
  doc.addEventListener('keydown', function (e) {
    if (e.isComposing || e.keyCode === 229 || e.altKey) return;
    var t = e.target, key = e.key, done = false;
    if (e.ctrlKey || e.metaKey) done = withControl(key.length === 1 ? key.toLowerCase() : key, t);
    else if (key === 'Escape') { if (writes(t)) t.blur(); done = clearAll(); }
    else if (writes(t) || root.getAttribute('data-keys') === 'off' || one('dialog[open]')) return;
    else if (/^[123]$/.test(key)) done = verdict(Number(key), t);
    else if (single[key]) done = single[key](t);
    if (done) e.preventDefault();
  });

  /* ---- ticked rows ---- */
  function bulk() {
    var n = 0;
    all('[data-row]').forEach(function (r) {
      var box = one('input[type=checkbox]', r), on = !!(box && box.checked);
      if (on) n++;
      r.classList.toggle('sel', on);
    });
    all('[data-bulk]').forEach(function (b) {
      b.hidden = !n;
      var count = one('[data-bulk-n]', b);
      if (count) count.textContent = n;
    });
  }
  doc.addEventListener('change', function (e) {
    var t = e.target;
    if (t.matches('[data-all]')) all('[data-row] input[type=checkbox]').forEach(function (b) { b.checked = t.checked; });
    if (t.type === 'checkbox') bulk();
    if (t.type === 'file') showChosen(t);
    if (t.type === 'radio') judged(t);
  });
  doc.addEventListener('reset', function () { setTimeout(bulk, 0); });

  /* ---- drafts: a form with data-draft="KEY" is sent to /drafts/KEY while one writes ---- */
  var drafts = new Map();
  function draftOf(form) {
    if (!drafts.has(form)) drafts.set(form, { timer: 0, dirty: false, failed: false, stopped: false });
    return drafts.get(form);
  }
  function stored(form) { return 'draft:' + form.getAttribute('data-draft'); }
  function bodyOf(form) {
    var body = new URLSearchParams();
    new FormData(form).forEach(function (v, k) {
      var el = form.elements[k];
      if (typeof v === 'string' && !(el && el.type === 'password')) body.append(k, v);
    });
    return body;
  }
  function tell(form, text, bad) {
    var id = form.id;
    all('[data-draft-state]').forEach(function (el) {
      if (!form.contains(el) && el.getAttribute('data-draft-state') !== id && all('form[data-draft]').length > 1) return;
      el.textContent = text;
      el.classList.toggle('cx-red', !!bad);
    });
  }
  function save(form) {
    var d = draftOf(form), body = bodyOf(form);
    clearTimeout(d.timer);
    if (d.stopped) return;
    d.dirty = false;
    tell(form, say('saving'));
    fetch('/drafts/' + encodeURIComponent(form.getAttribute('data-draft')), {
      method: 'POST', body: body, credentials: 'same-origin', redirect: 'manual', headers: { 'X-Requested-With': 'fetch' }
    }).then(function (res) {
      if (res.type === 'opaqueredirect' || res.status === 401) throw new Error('expired');
      if (!res.ok) throw new Error('failed');
      d.failed = false;
      sessionStorage.removeItem(stored(form));
      tell(form, say('saved', res.headers.get('X-Saved-At') || clock()));
    }).catch(function (err) { keep(form, body, err.message === 'expired'); });
  }
  /* The server did not take it: keep a copy as long as this page lives, say so, and try again. */
  function keep(form, body, expired) {
    var d = draftOf(form);
    d.failed = true;
    try { sessionStorage.setItem(stored(form), body.toString()); } catch (full) { /* said below anyway */ }
    tell(form, say(expired ? 'expired' : 'unsaved'), true);
    d.timer = setTimeout(function () { save(form); }, 15000);
  }
  function clock() { return new Date().toTimeString().slice(0, 5); }
  function touched(e) {
    var form = e.target.form;
    if (!form || !form.hasAttribute('data-draft')) return;
    var d = draftOf(form);
    d.dirty = true;
    clearTimeout(d.timer);
    d.timer = setTimeout(function () { save(form); }, e.type === 'change' ? 200 : 900);
  }
  doc.addEventListener('input', function (e) { touched(e); countLeft(e.target); });
  doc.addEventListener('change', touched);
  window.addEventListener('online', function () { drafts.forEach(function (d, form) { if (d.failed) save(form); }); });
  window.addEventListener('beforeunload', function (e) {
    drafts.forEach(function (d) { if (d.failed && !d.stopped) { e.preventDefault(); e.returnValue = say('leave'); } });
  });
  window.addEventListener('pagehide', function () {
    drafts.forEach(function (d, form) {
      if (d.dirty && !d.stopped && navigator.sendBeacon) navigator.sendBeacon('/drafts/' + encodeURIComponent(form.getAttribute('data-draft')), bodyOf(form));
      sessionStorage.removeItem(stored(form));
    });
  });
  function saveNow(target) {
    var form = (target.closest && target.closest('form[data-draft]')) || one('form[data-draft]');
    if (form) { save(form); return true; }
    return press('[data-save]');
  }
  function submitFrom(target) {
    var form = target.form || (target.closest && target.closest('form'));
    if (!form || !posts(form)) form = one('form[data-submit]');
    if (!form) return false;
    var button = all('button[type=submit],button:not([type])').filter(function (b) { return b.form === form && !b.disabled; })
      .sort(function (a, b) { return b.classList.contains('btn-primary') - a.classList.contains('btn-primary'); })[0];
    if (button) button.click(); else form.requestSubmit();
    return true;
  }
  function countLeft(el) {
    var hint = el.id && doc.getElementById(el.id + '-hint'), words = hint && hint.getAttribute('data-left');
    if (words && el.maxLength > 0) hint.textContent = words.replace('{0}', el.maxLength - Array.from(el.value).length);
  }

  /* ---- sending: once, and with progress where files go up ---- */
  /* By attribute: a field may be called method or action. */
  function posts(form) { return (form.getAttribute('method') || '').toLowerCase() === 'post'; }
  function hold(form) {
    form.setAttribute('aria-busy', 'true');
    setTimeout(function () { buttonsOf(form).forEach(function (b) { b.disabled = true; b.setAttribute('data-held', ''); }); }, 0);
    setTimeout(function () { release(form); }, 10000);
  }
  function release(form) {
    form.removeAttribute('aria-busy');
    all('[data-held]').forEach(function (b) { if (b.form === form) { b.disabled = false; b.removeAttribute('data-held'); } });
  }
  function buttonsOf(form) {
    return all('button').filter(function (b) { return b.form === form && b.type === 'submit' && !b.disabled; });
  }
  doc.addEventListener('submit', function (e) {
    var form = e.target, other = e.submitter && e.submitter.getAttribute('formmethod');
    if (form.matches('[data-download]') && !other && window.fetch && window.ReadableStream) {
      e.preventDefault();
      download(form, form.action + '?' + new URLSearchParams(new FormData(form)));
      return;
    }
    if (!posts(form) || form.hasAttribute('data-repeat')) return;
    if (form.getAttribute('aria-busy') === 'true') { e.preventDefault(); e.stopImmediatePropagation(); return; }
    if (drafts.has(form)) { var d = draftOf(form); d.stopped = true; clearTimeout(d.timer); }
    if (form.hasAttribute('data-upload') && window.FormData) { e.preventDefault(); upload(form, e.submitter); }
    hold(form);
  }, true);
  window.addEventListener('pageshow', function () { all('form[aria-busy]').forEach(release); drafts.forEach(function (d) { d.stopped = false; }); });

  function upload(form, button) {
    var data = new FormData(form), x = new XMLHttpRequest(), bar = one('[data-upload-bar]', form);
    if (button && button.name) data.append(button.name, button.value);
    var to = new URL((button && button.getAttribute('formaction')) || form.getAttribute('action') || '', location.href).href;
    x.open('POST', to);
    x.upload.onprogress = function (e) {
      if (!bar || !e.lengthComputable) return;
      var percent = Math.floor(e.loaded / e.total * 100);
      bar.hidden = false;
      one('progress', bar).value = percent;
      one('[data-upload-text]', bar).textContent = say('upload', percent);
    };
    x.onload = function () { release(form); showAnswer(x, to); };
    x.onerror = function () { release(form); if (bar) bar.hidden = true; toast('red', say('failed')); };
    x.send(data);
  }
  /* A redirect is followed; a page, with problems or with a preview, takes the place of the form. */
  function showAnswer(x, asked) {
    if (x.status < 400 && x.responseURL && x.responseURL !== asked) { location.assign(x.responseURL); return; }
    var page = new DOMParser().parseFromString(x.responseText, 'text/html'), main = one('main', page);
    if (!main) { toast('red', say('failed')); return; }
    doc.title = page.title || doc.title;
    one('main').replaceWith(doc.adoptNode(main));
    ready();
  }
  function showChosen(input) {
    var drop = input.closest('[data-drop]'), out = drop && one('[data-chosen]', drop);
    if (out) out.textContent = Array.prototype.map.call(input.files, function (f) { return f.name; }).join('\n');
  }
  doc.addEventListener('dragover', function (e) {
    var drop = e.target.closest && e.target.closest('[data-drop]');
    if (drop) { e.preventDefault(); drop.classList.add('over'); }
  });
  doc.addEventListener('dragleave', function (e) {
    var drop = e.target.closest && e.target.closest('[data-drop]');
    if (drop) drop.classList.remove('over');
  });
  doc.addEventListener('drop', function (e) {
    var drop = e.target.closest && e.target.closest('[data-drop]'), input = drop && one('input[type=file]', drop);
    if (!input) return;
    e.preventDefault();
    drop.classList.remove('over');
    input.files = e.dataTransfer.files;
    fire(input, 'change');
  });

  /* ---- downloading with progress; a plain link does the same without ---- */
  /* It is read out because it is there before it says anything. */
  function slip(hue) {
    var box = doc.createElement('div');
    box.className = 'toast-x note ' + hue;
    box.setAttribute('role', 'status');
    return doc.body.appendChild(box);
  }
  function toast(hue, text) {
    var box = slip(hue);
    box.setAttribute('data-toast', '');
    box.appendChild(doc.createElement('span')).textContent = text;
    fade(box);
    return box;
  }
  function fade(box) { setTimeout(function () { box.remove(); }, 8000); }
  function size(n) { return n < 1048576 ? Math.ceil(n / 1024) + ' KB' : (n / 1048576).toFixed(1) + ' MB'; }
  function fileName(res, link) {
    var head = res.headers.get('Content-Disposition') || '', utf = /filename\*=UTF-8''([^;]+)/i.exec(head), plain = /filename="?([^";]+)/i.exec(head);
    return utf ? decodeURIComponent(utf[1]) : plain ? plain[1] : link.getAttribute('download') || 'download';
  }
  /* How many rows are written only the server knows, so it is asked beside the file itself, under a mark of one's own. */
  function rowsWritten(run, bar, text, got) {
    return setInterval(function () {
      fetch('/exports/' + run, { headers: { 'X-Unattended': '1' } }).then(function (r) { return r.ok ? r.json() : null; }).then(function (at) {
        if (!at) return;
        if (at.total > 0) { bar.max = at.total; bar.value = Math.min(at.rows, at.total); }
        text.textContent = say('rows', at.rows.toLocaleString() + (at.total > 0 ? ' / ' + at.total.toLocaleString() : '')) + ' · ' + size(got());
      }).catch(function () {});
    }, 500);
  }
  function download(link, address) {
    var run = '', href = address || link.href;
    if (/\/exports?[/?]/.test(href)) {
      run = Math.random().toString(36).slice(2) + Date.now().toString(36);
      href += (href.indexOf('?') < 0 ? '?' : '&') + 'run=' + run;
    }
    if (link.getAttribute('aria-busy') === 'true') return;
    var box = slip('blu'), bar = box.appendChild(doc.createElement('progress')), text = box.appendChild(doc.createElement('span'));
    bar.setAttribute('aria-label', link.textContent.trim());
    link.setAttribute('aria-busy', 'true');
    var got = 0, asking = run && rowsWritten(run, bar, text, function () { return got; });
    function over(done) { clearInterval(asking); link.removeAttribute('aria-busy'); box.remove(); toast(done ? 'grn' : 'red', done || say('broken')); }
    fetch(href, { credentials: 'same-origin' }).then(function (res) {
      if (!res.ok && address) { location.assign(address); throw new Error('refused'); } // the page says why
      if (!res.ok || res.redirected) throw new Error('refused');
      var total = Number(res.headers.get('Content-Length')) || 0, parts = [], reader = res.body.getReader(), name = fileName(res, link);
      if (total && !res.headers.get('Content-Encoding')) bar.max = total;
      return (function next() {
        return reader.read().then(function (step) {
          if (step.done) { give(new Blob(parts), name); over(say('downloaded', name)); return null; }
          parts.push(step.value);
          got += step.value.length;
          if (total) bar.value = Math.min(got, bar.max);
          if (!bar.hasAttribute('max')) text.textContent = say('download', size(got));
          return next();
        });
      })();
    }).catch(function () { over(''); });
  }
  function give(blob, name) {
    var a = doc.createElement('a');
    a.href = URL.createObjectURL(blob);
    a.download = name;
    a.click();
    setTimeout(function () { URL.revokeObjectURL(a.href); }, 60000);
  }

  /* ---- parts with data-live="ADDRESS OF EVENTS" are asked for again when something has changed: told by
     the server, or every 15 seconds where it cannot tell ---- */
  var live = { from: '', events: null, timer: 0, busy: false };
  function refetch() {
    if (live.busy || doc.hidden || !one('[data-live]')) return;
    live.busy = true;
    fetch(location.href, { headers: { 'X-Unattended': '1' } }).then(function (r) {
      if (!r.ok || r.redirected) throw new Error(String(r.status));
      return r.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, 'text/html');
      all('[data-live]').forEach(function (part) {
        var fresh = part.id && page.getElementById(part.id);
        if (!fresh || part.contains(doc.activeElement) || fresh.isEqualNode(part)) return;
        fresh = doc.importNode(fresh, true);
        part.replaceWith(fresh);
        if (window.htmx) window.htmx.process(fresh);
      });
    }).catch(function () {}).then(function () { live.busy = false; });
  }
  function listen() {
    var part = one('[data-live]'), from = part ? part.getAttribute('data-live') : '';
    if (from === live.from) return;
    if (live.events) live.events.close();
    clearInterval(live.timer);
    live.from = from; live.events = null;
    if (!from) return;
    live.timer = setInterval(function () { if (!live.events || live.events.readyState === 2) refetch(); }, 15000);
    if (!window.EventSource) return;
    live.events = new EventSource(from);
    live.events.addEventListener('open', refetch);
    live.events.addEventListener('changed', refetch);
  }
  doc.addEventListener('visibilitychange', function () { if (!doc.hidden && live.from) refetch(); });

  /* ---- after a load and after every htmx swap ---- */
  function ready() {
    listen();
    readRows();
    bulk();
    all('[data-all],[data-close],[data-cite],[data-print-page]').forEach(function (el) { el.hidden = false; });
    all('[data-toast]').forEach(fade);
    var here = one('.rlist [aria-current]');
    if (here) here.scrollIntoView({ block: 'nearest' });
    var first = one('[data-focus]');
    if (first) { first.removeAttribute('data-focus'); first.focus(); }
  }
  doc.addEventListener('htmx:afterSettle', ready);
  doc.addEventListener('htmx:afterRequest', function (e) { var form = e.target.closest && e.target.closest('form'); if (form) { release(form); draftOf(form).stopped = false; } });
  doc.addEventListener('htmx:sendError', function () { toast('red', say('failed')); });
  doc.addEventListener('htmx:responseError', function (e) {
    var s = e.detail.xhr.status;
    if (s !== 409 && s !== 413 && s !== 422) toast('red', say(s === 401 ? 'expired' : 'failed'));
  });
  window.addEventListener('beforeprint', function () { all('details[data-print]').forEach(function (d) { d.open = true; d.parentNode.classList.add('as-table'); }); });
  ready();
})();
