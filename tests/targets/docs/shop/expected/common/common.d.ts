
/**
 * Interface of package common.
 *
 * @packageDocumentation
 */

export type Currency = "KRW" | "EUR" | (string & {});

export interface Money {
  /** Format: decimal number. */
  amount: string;
  currency: Currency;
  paid_by?: string;
}

/**
 * Call somebody.
 *
 * The `data` of JSON-RPC error -32013.
 */
export interface Broken {
  error: "common.Broken";
  status: "internal";
  fields: {};
}
