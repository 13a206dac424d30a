// Times are written in UTC, which everybody reads alike; a script adds the reader's own time where there is JavaScript.
import { type Html, html } from './markup.ts';
import { ageWords } from './words.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `21 Nov 2026 04:00 UTC`; what is no time stays as it is. */
export function utc(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const [day, time] = date.toISOString().split('T') as [string, string];
  const [year, month, dayOfMonth] = day.split('-');
  return `${Number(dayOfMonth)} ${months[Number(month) - 1]} ${year} ${time.slice(0, 5)} UTC`;
}

/** `21 Nov`, where the year stands nearby. */
export function shortDay(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

export function time(at: string): Html {
  return html`<time datetime="${at}">${utc(at)}</time>`;
}

/** With how long ago that was. */
export function timeAndAge(at: string, now: number): Html {
  return html`${time(at)}, ${ageWords(now - Date.parse(at))} ago`;
}
