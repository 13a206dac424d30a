// All the JavaScript there is: the reader's own time beside UTC, pages that load again, and the numbers of a run that goes on. Every page works without.
const own = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

for (const element of document.querySelectorAll('time[datetime]')) {
  const at = new Date(element.dateTime);
  if (Number.isNaN(at.getTime())) continue;
  element.title = whole.format(at);
  if (at.getTimezoneOffset() === 0) continue;
  const local = document.createElement('span');
  local.className = 'local';
  // In a table only what fits on a phone; the footer says what the brackets are.
  local.textContent =
    element.closest('table') === null ? ` (${own.format(at)} here)` : ` (${own.format(at)})`;
  element.append(local);
  // The widget has no footer.
  document.querySelector('.localtime')?.removeAttribute('hidden');
}

const { refresh } = document.documentElement.dataset;
let reloading;
if (refresh !== undefined) reloadLater();

/** Anew from each call. While nobody answers, what is shown stays: an error page of the browser or a proxy would stay for ever. */
function reloadLater() {
  clearTimeout(reloading);
  reloading = setTimeout(async () => {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch('/healthz', { cache: 'no-store', redirect: 'manual', signal }).catch(() => {});
    if (answer === undefined || answer.status >= 500) reloadLater();
    else location.reload();
  }, refresh * 1_000);
}

const live = document.querySelector('[data-live]');
if (live !== null) follow(live.dataset.live);

/**
 * Each message holds the texts to show by their names, and puts off the reload, which is for a connection that is cut, refused or silent, and
 * for a list that does not hold what has failed since.
 */
function follow(address) {
  const shown = (name) => document.querySelector(`[data-text="${name}"]`);
  const listed = ['failed', 'errors'].map((name) => [name, shown(name).textContent]);
  const stream = new EventSource(address);
  const connection = shown('connection');
  stream.onopen = () => {
    connection.textContent = 'connected';
  };
  stream.onerror = () => {
    connection.textContent = 'connection lost, trying again';
  };
  stream.addEventListener('busy', () => {
    stream.close();
    connection.textContent = 'too many readers: numbers come every few seconds';
  });
  stream.addEventListener('progress', ({ data }) => {
    const { texts, done, planned } = JSON.parse(data);
    if (listed.every(([name, text]) => text === texts[name])) reloadLater();
    for (const [name, text] of Object.entries(texts)) {
      const element = shown(name);
      if (element !== null && element.textContent !== text) element.textContent = text;
    }
    const bar = document.querySelector('progress');
    // Until there is a plan it has no end, and moves.
    if (planned > 0) Object.assign(bar, { max: planned, value: done });
  });
  stream.addEventListener('ended', ({ data }) => {
    stream.close();
    location.assign(JSON.parse(data).address);
  });
}
