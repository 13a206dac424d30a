// Addresses of the pages: stable, because people paste them into tickets.
import { query } from './markup.ts';

export const links = {
  environment: (environment: string) => `/environments/${encodeURIComponent(environment)}`,
  run: (run: string, filter: Readonly<Record<string, string | number | undefined>> = {}) =>
    `/runs/${encodeURIComponent(run)}${query(filter)}`,
  caseOfRun: (run: string, key: string) => `/runs/${encodeURIComponent(run)}/case${query({ key })}`,
  live: (run: string) => `/runs/${encodeURIComponent(run)}/live`,
  network: (run: string) => `/runs/${encodeURIComponent(run)}/network`,
  junit: (run: string) => `/runs/${encodeURIComponent(run)}/junit.xml`,
  ctrf: (run: string) => `/runs/${encodeURIComponent(run)}/ctrf.json`,
  case: (environment: string, key: string) => `/case${query({ environment, key })}`,
  runs: (filter: { readonly environment?: string; readonly page?: number } = {}) => `/runs${query(filter)}`,
  flakes: (environment?: string) => `/flakes${query({ environment })}`,
} as const;
