/* Evidence in pieces (tus 1.0): a form with data-tus sends its files by themselves, each
   with progress, pause and cancel, and goes on after a broken line, a reload or a restart of
   the browser. Without this script the form sends its files whole. */
(function () {
  'use strict';
  var doc = document, CHUNK = 1048576, AT_ONCE = 3, waiting = [], running = 0, sent = 0, failed = 0;
  function one(sel, in_) { return (in_ || doc).querySelector(sel); }
  function say(list, name, arg) { return (list.getAttribute('data-say-' + name) || '').split('{0}').join(arg === undefined ? '' : arg); }
  function size(n) { return n < 1048576 ? Math.ceil(n / 1024) + ' KB' : (n / 1048576).toFixed(1) + ' MB'; }
  function base64(text) { var out = ''; new TextEncoder().encode(text).forEach(function (b) { out += String.fromCharCode(b); }); return btoa(out); }

  /* ---- what is unfinished, kept by the browser with the file itself ---- */
  function kept(mode, use) {
    return new Promise(function (resolve, reject) {
      var open = indexedDB.open('lianshen-uploads', 1);
      open.onupgradeneeded = function () { open.result.createObjectStore('file', { keyPath: 'url' }); };
      open.onerror = function () { reject(open.error); };
      open.onsuccess = function () {
        var t = open.result.transaction('file', mode), asked = use(t.objectStore('file'));
        t.oncomplete = function () { open.result.close(); resolve(asked && asked.result); };
        t.onabort = t.onerror = function () { open.result.close(); reject(t.error); };
      };
    });
  }
  function remember(job) {
    return kept('readwrite', function (s) { return s.put({ url: job.url, file: job.file, to: job.to, who: job.who }); }).catch(function () {});
  }
  function forget(url) { return kept('readwrite', function (s) { return s.delete(url); }).catch(function () {}); }

  /* ---- one request ---- */
  function ask(job, method, url, headers, body) {
    return new Promise(function (resolve, reject) {
      var x = job.request = new XMLHttpRequest();
      x.open(method, url);
      x.setRequestHeader('Tus-Resumable', '1.0.0');
      Object.keys(headers).forEach(function (name) { x.setRequestHeader(name, headers[name]); });
      if (body) x.upload.onprogress = function (e) { show(job, job.at + e.loaded); };
      x.onload = function () { resolve(x); };
      x.onerror = x.onabort = x.ontimeout = function () { reject(new Error('line')); };
      x.timeout = 300000;
      x.send(body || null);
    });
  }
  function checksum(blob) {
    if (!window.crypto || !crypto.subtle) return Promise.resolve('');
    return blob.arrayBuffer().then(function (b) { return crypto.subtle.digest('SHA-256', b); }).then(function (sum) {
      return 'sha256 ' + btoa(String.fromCharCode.apply(null, new Uint8Array(sum)));
    });
  }

  /* ---- one file, from announcing it to its row ---- */
  function begin(job) {
    var pairs = ['filename ' + base64(job.file.name)];
    Object.keys(job.fields).forEach(function (name) { if (job.fields[name]) pairs.push(name + ' ' + base64(job.fields[name])); });
    return ask(job, 'POST', job.to, { 'Upload-Length': String(job.file.size), 'Upload-Metadata': pairs.join(',') }).then(function (x) {
      if (x.status !== 201) throw x;
      job.url = x.getResponseHeader('Location');
      job.at = 0;
      return remember(job);
    });
  }
  function where(job) {
    return ask(job, 'HEAD', job.url, {}).then(function (x) {
      if (x.status !== 200) throw x;
      job.at = Number(x.getResponseHeader('Upload-Offset'));
      job.asked = false;
    });
  }
  function piece(job) {
    var part = job.file.slice(job.at, job.at + CHUNK);
    return checksum(part).then(function (sum) {
      var headers = { 'Upload-Offset': String(job.at), 'Content-Type': 'application/offset+octet-stream' };
      if (sum) headers['Upload-Checksum'] = sum;
      return ask(job, 'PATCH', job.url, headers, part);
    }).then(function (x) {
      if (x.status !== 204) throw x;
      job.at = Number(x.getResponseHeader('Upload-Offset'));
      job.tries = 0;
      job.whole = job.at >= job.file.size;
    });
  }
  function step(job) {
    if (job.state !== 'running') { over(job); return; }
    var next = !job.url ? begin(job) : job.asked ? where(job) : piece(job);
    next.then(function () {
      show(job, job.at);
      if (job.whole) { done(job); return; }
      step(job);
    }, function (x) { trouble(job, x); });
  }
  function trouble(job, x) {
    if (job.state !== 'running') { over(job); return; }
    if (x.status === 401) { state(job, 'paused', say(job.list, 'expired')); over(job); return; }
    if ((x.status === 404 || x.status === 410) && job.url) { forget(job.url); job.url = ''; job.asked = false; job.tries++; }
    else if (x.status && x.status < 500 && [409, 423, 429, 460].indexOf(x.status) < 0 || x.status === 507 || !x.status && x.message !== 'line') {
      if (job.url) forget(job.url);
      job.url = ''; // the server has forgotten it, too
      failed++;
      state(job, 'failed', (x.responseText || '').trim() || say(job.list, 'failed'));
      over(job);
      return;
    } else { job.asked = !!job.url; job.tries++; }
    if (job.tries > 1) state(job, 'running', say(job.list, 'waiting'));
    var again = function () { clearTimeout(timer); window.removeEventListener('online', again); step(job); };
    var timer = setTimeout(again, Math.min(15000, 250 * Math.pow(2, Math.min(job.tries, 6))));
    window.addEventListener('online', again);
  }
  function done(job) {
    sent++;
    forget(job.url);
    state(job, 'done', say(job.list, 'done'));
    over(job);
  }
  function over(job) {
    if (job.counted) { job.counted = false; running--; }
    next();
    if (!running && !waiting.length && sent && !failed && !one('[data-tus-list] [data-state=paused]')) {
      sent = 0;
      location.hash = 'evidence';
      location.reload();
    }
  }
  function next() {
    while (running < AT_ONCE && waiting.length) {
      var job = waiting.shift();
      if (job.state !== 'running') continue;
      running++;
      job.counted = true;
      state(job, 'running', '');
      step(job);
    }
  }

  /* ---- what is seen of it ---- */
  function show(job, at) {
    job.bar.value = Math.min(100, Math.floor(at / job.file.size * 100));
    if (job.state === 'running') job.text.textContent = Math.min(100, Math.floor(at / job.file.size * 100)) + '% · ' + size(job.file.size);
  }
  function state(job, name, text) {
    job.state = name;
    job.row.setAttribute('data-state', name);
    job.text.textContent = text || job.text.textContent;
    job.text.setAttribute('role', name === 'failed' ? 'alert' : 'status');
    job.hold.hidden = name !== 'running' && name !== 'paused';
    job.hold.textContent = say(job.list, name === 'paused' ? 'go' : 'pause');
    job.hold.setAttribute('aria-label', job.hold.textContent + ' ' + job.file.name);
    job.drop.hidden = name === 'done';
  }
  function button(row) { var b = doc.createElement('button'); b.type = 'button'; b.className = 'btn btn-sm btn-bare'; row.appendChild(b); return b; }
  function add(list, file, to, fields, url) {
    var row = doc.createElement('li'), head = doc.createElement('span'), job = {
      list: list, file: file, to: to, fields: fields, url: url || '', asked: !!url, at: 0, tries: 0, state: 'running', row: row,
      bar: doc.createElement('progress'), text: doc.createElement('span'), who: list.getAttribute('data-who'),
    };
    row.className = 'up';
    head.className = 'up-n';
    head.textContent = file.name;
    job.bar.max = 100;
    job.bar.value = 0;
    job.bar.setAttribute('aria-label', file.name);
    job.text.className = 't12 num up-t';
    [head, job.bar, job.text].forEach(function (el) { row.appendChild(el); });
    job.hold = button(row);
    job.drop = button(row);
    job.drop.textContent = say(list, 'cancel');
    job.drop.setAttribute('aria-label', job.drop.textContent + ' ' + file.name);
    job.hold.addEventListener('click', function () { if (job.state === 'paused') resume(job); else pause(job); });
    job.drop.addEventListener('click', function () { cancel(job); });
    list.appendChild(row);
    list.hidden = false;
    state(job, 'running', say(list, 'queued'));
    waiting.push(job);
    return job;
  }
  function pause(job) {
    state(job, 'paused', say(job.list, 'paused'));
    if (job.request) job.request.abort();
  }
  function resume(job) {
    job.asked = !!job.url;
    job.tries = 0;
    state(job, 'running', say(job.list, 'queued'));
    waiting.push(job);
    next();
  }
  function cancel(job) {
    var url = job.url;
    if (job.state === 'failed') failed--;
    job.state = 'gone';
    if (job.request) job.request.abort();
    job.row.remove();
    if (url) { forget(url); ask({ at: 0 }, 'DELETE', url, {}).catch(function () {}); }
    next();
  }

  /* ---- where files come from ---- */
  function fieldsOf(form) {
    var fields = {};
    new FormData(form).forEach(function (value, name) {
      if (typeof value !== 'string' || name === 'key' || name === 'seen') return;
      fields[name] = fields[name] ? fields[name] + '\n' + value.trim() : value.trim();
    });
    return fields;
  }
  doc.addEventListener('submit', function (e) {
    var form = e.target, list = form.matches && form.matches('form[data-tus]') && one('[data-tus-list]', form);
    if (!list) return;
    var files = [];
    form.querySelectorAll('input[type=file]').forEach(function (input) { files = files.concat(Array.prototype.slice.call(input.files)); });
    if (!files.length) return; // the server says what is missing
    e.preventDefault();
    e.stopImmediatePropagation();
    var fields = fieldsOf(form);
    if (files.length > 1) { fields.name = ''; fields.doc_number = ''; } // those are of one document
    files.forEach(function (file) { add(list, file, form.getAttribute('data-tus'), fields); });
    form.querySelectorAll('input[type=file]').forEach(function (input) { input.value = ''; input.dispatchEvent(new Event('change', { bubbles: true })); });
    next();
  }, true);
  function takeUp() {
    var list = one('form[data-tus] [data-tus-list]');
    if (!list || !window.indexedDB) return;
    var to = list.closest('form').getAttribute('data-tus'), who = list.getAttribute('data-who');
    kept('readonly', function (s) { return s.getAll(); }).then(function (all) {
      all.forEach(function (x) { if (x.to === to && x.who === who) add(list, x.file, x.to, {}, x.url); });
      next();
    }).catch(function () {});
  }
  window.addEventListener('beforeunload', function (e) { if (running && !window.indexedDB) e.preventDefault(); });
  if (doc.readyState === 'loading') doc.addEventListener('DOMContentLoaded', takeUp); else takeUp();
}());
