/** What all errors of calls have, those that a schema declares included. */

import type { Shape } from "./shapes.js";

/** The canonical statuses, in the order of their gRPC numbers from 1. */
export const STATUSES = [
  "cancelled",
  "unknown",
  "invalid_argument",
  "deadline_exceeded",
  "not_found",
  "already_exists",
  "permission_denied",
  "resource_exhausted",
  "failed_precondition",
  "aborted",
  "out_of_range",
  "unimplemented",
  "internal",
  "unavailable",
  "data_loss",
  "unauthenticated",
] as const;

export type Status = (typeof STATUSES)[number];

/** One thing that is wrong with a value, and where: `$.userData.email`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** The fields of an error by their names on the wire. */
export interface Fields {
  readonly [name: string]: unknown;
}

export interface RpcErrorOptions {
  readonly fields?: Fields | undefined;
  readonly problems?: readonly Problem[] | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** A call that failed. */
export class RpcError extends Error {
  override readonly name: string = "RpcError";
  readonly status: Status = "unknown";
  /** The error's fields, those of an error that this side does not know included. */
  readonly fields: Fields;
  /** Every place of the arguments that is wrong, where the server told. */
  readonly problems: readonly Problem[];
  /** Milliseconds after which the call may be made again, where HTTP's header said. */
  readonly retryAfter: number | undefined;
  readonly #retryable: boolean | undefined;

  constructor(message: string, options: RpcErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fields = options.fields ?? {};
    this.problems = options.problems ?? [];
    this.retryAfter = options.retryAfter;
    this.#retryable = options.retryable;
  }

  /** Whether the same call may succeed when it is made again at once. */
  get retryable(): boolean {
    return this.#retryable ?? this.status === "unavailable";
  }
}

/** The class of a declared error, as its module defines it. */
export interface DeclaredError {
  /** What the wire calls it: `user.UserNotFound`. */
  readonly declared: string;
  /** What is to be read apart in its fields; absent where nothing is. */
  readonly shape?: Shape;
  new (fields: never, message?: string): RpcError;
}
