/**
 * What a call can throw: one class for each of the 16 canonical statuses of RPC, under
 * `RpcError`. The errors that a schema declares derive from the class of their status.
 */

import { RpcError } from "./rpcerror.js";
import type { RpcErrorOptions, Status } from "./rpcerror.js";

/** The caller gave up, or the server was told to stop. */
export class Cancelled extends RpcError {
  override readonly name: string = "Cancelled";
  override readonly status = "cancelled";
}

/** The server reported an error without a status that this side knows. */
export class UnknownError extends RpcError {
  override readonly name: string = "UnknownError";
  override readonly status = "unknown";
}

/** The call or one of its arguments is wrong whatever the state of the server. */
export class InvalidArgument extends RpcError {
  override readonly name: string = "InvalidArgument";
  override readonly status = "invalid_argument";
}

/** The time for the call ran out; it may still have had its effect. */
export class DeadlineExceeded extends RpcError {
  override readonly name: string = "DeadlineExceeded";
  override readonly status = "deadline_exceeded";
}

/** What was asked for does not exist. */
export class NotFound extends RpcError {
  override readonly name: string = "NotFound";
  override readonly status = "not_found";
}

/** What was to be made exists already. */
export class AlreadyExists extends RpcError {
  override readonly name: string = "AlreadyExists";
  override readonly status = "already_exists";
}

/** The caller is known and may not do this. */
export class PermissionDenied extends RpcError {
  override readonly name: string = "PermissionDenied";
  override readonly status = "permission_denied";
}

/** A quota or a limit is used up. */
export class ResourceExhausted extends RpcError {
  override readonly name: string = "ResourceExhausted";
  override readonly status = "resource_exhausted";
}

/** The state of the system forbids the call until somebody changes it. */
export class FailedPrecondition extends RpcError {
  override readonly name: string = "FailedPrecondition";
  override readonly status = "failed_precondition";
}

/** The call lost against another one; the whole transaction may be tried again. */
export class Aborted extends RpcError {
  override readonly name: string = "Aborted";
  override readonly status = "aborted";
}

/** The call reaches past the end of what there is. */
export class OutOfRange extends RpcError {
  override readonly name: string = "OutOfRange";
  override readonly status = "out_of_range";
}

/** The server does not have the method. */
export class Unimplemented extends RpcError {
  override readonly name: string = "Unimplemented";
  override readonly status = "unimplemented";
}

/** Something is broken on the other side. */
export class Internal extends RpcError {
  override readonly name: string = "Internal";
  override readonly status = "internal";
}

/** The server cannot be reached or does not take calls now. */
export class Unavailable extends RpcError {
  override readonly name: string = "Unavailable";
  override readonly status = "unavailable";
}

/** Data is lost or corrupt beyond repair. */
export class DataLoss extends RpcError {
  override readonly name: string = "DataLoss";
  override readonly status = "data_loss";
}

/** The caller did not say who it is, or cannot prove it. */
export class Unauthenticated extends RpcError {
  override readonly name: string = "Unauthenticated";
  override readonly status = "unauthenticated";
}

type RpcErrorClass = new (message: string, options?: RpcErrorOptions) => RpcError;

const CLASSES: { readonly [status in Status]: RpcErrorClass } = {
  cancelled: Cancelled,
  unknown: UnknownError,
  invalid_argument: InvalidArgument,
  deadline_exceeded: DeadlineExceeded,
  not_found: NotFound,
  already_exists: AlreadyExists,
  permission_denied: PermissionDenied,
  resource_exhausted: ResourceExhausted,
  failed_precondition: FailedPrecondition,
  aborted: Aborted,
  out_of_range: OutOfRange,
  unimplemented: Unimplemented,
  internal: Internal,
  unavailable: Unavailable,
  data_loss: DataLoss,
  unauthenticated: Unauthenticated,
};

/** Return the error of the class of `status`. */
export function errorOf(
  status: Status,
  message: string,
  options?: RpcErrorOptions,
): RpcError {
  return new CLASSES[status](message, options);
}
