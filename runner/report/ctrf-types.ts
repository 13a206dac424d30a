// The part of CTRF (https://ctrf.io, schema 1.0.0) that this project writes.
export type CtrfStatus = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

export interface CtrfAttempt {
  readonly attempt: number;
  readonly status: CtrfStatus;
  readonly duration?: number;
  readonly message?: string;
  readonly trace?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface CtrfTest {
  readonly name: string;
  readonly status: CtrfStatus;
  readonly duration: number;
  readonly rawStatus: string;
  readonly suite?: readonly string[];
  readonly start?: number;
  readonly stop?: number;
  readonly message?: string;
  readonly trace?: string;
  readonly tags?: readonly string[];
  readonly filePath?: string;
  readonly line?: number;
  readonly retries?: number;
  readonly retryAttempts?: readonly CtrfAttempt[];
  readonly flaky?: boolean;
  readonly stdout?: readonly string[];
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface Ctrf {
  readonly reportFormat: 'CTRF';
  readonly specVersion: string;
  readonly timestamp?: string;
  readonly generatedBy: string;
  readonly results: {
    readonly tool: { readonly name: string };
    readonly summary: Readonly<Record<string, unknown>>;
    readonly tests: readonly CtrfTest[];
    readonly environment: {
      readonly testEnvironment: string;
      readonly extra: Readonly<Record<string, string>>;
    };
  };
}
