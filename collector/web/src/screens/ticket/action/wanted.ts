/** What is to be done on a device, or the job that is looked at. */
export type Wanted =
  | { device: string; action?: string; subject?: string; values?: Record<string, string> }
  | { job: string };
