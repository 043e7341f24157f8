import type { Json } from './types.ts';

/** A refusal by the Web API: `code` is Slack's error name, `extra` the rest of the answer. */
export class ApiError extends Error {
  readonly code: string;
  readonly extra: Json;

  constructor(code: string, extra: Json = {}) {
    super(code);
    this.name = 'ApiError';
    this.code = code;
    this.extra = extra;
  }
}

/** A refusal to the person at the page: an HTTP status and a sentence or Slack's error name. */
export class PageError extends Error {
  readonly code = 'page_error';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'PageError';
    this.status = status;
  }
}
