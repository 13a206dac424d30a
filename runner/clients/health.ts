// Finds the health route of a service that does not publish one, and with it that the service is there at all.
import { parseObject } from './json.ts';
import type { Http } from './transport/http.ts';
import type { HttpResult } from './transport/result.ts';
import { TargetError } from './transport/target-error.ts';

/**
 * The first of the paths that answers 200 with a JSON object that is not empty: `{}` is OPA's health, and web servers
 * answer HTML everywhere. TargetError no-identity names what each path answered.
 */
export async function findHealth(http: Http, paths: readonly string[]): Promise<HttpResult> {
  const seen: string[] = [];
  let last: HttpResult | undefined;
  for (const path of paths) {
    last = await http.request({ path });
    const body = parseObject(last.text);
    if (last.status === 200 && body !== undefined && Object.keys(body).length > 0) return last;
    seen.push(`${path} ${last.status}${last.status === 200 ? ' without a JSON object' : ''}`);
  }
  const options = {
    target: http.target,
    url: last?.exchange.url ?? http.baseUrl,
    expected: '200 with a JSON object on a health path',
    got: seen.join('; ') || 'no health path is configured',
    waitedMs: last?.exchange.timings.total ?? 0,
    ...(last === undefined ? {} : { http: last.exchange }),
  };
  throw new TargetError((last?.status ?? 0) >= 500 ? 'bad-answer' : 'no-identity', options);
}
