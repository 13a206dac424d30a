// The few merged runs by their Jobs: whether one speaks for a run is asked of every run that a page looks at.
export const merged = [
  // All Jobs: nothing else was asked of it.
  'drop index charter.run_by_job',
  `create index run_merged_by_job on charter.run (job) where part = 'merged' and job <> ''`,
];
