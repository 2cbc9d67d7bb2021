
/**
 * Lends `books` to people.
 *
 * Two things to know:
 * - a member has at most 5 books,
 * - whoever is late pays; see https://example.com/fees_2026.
 *
 * Version 2.1.0-rc.1.
 *
 * @packageDocumentation
 */

/** Thirteen digits, no hyphens */
export type Isbn = string & { readonly __brand: "acme.library.Isbn" };

/** Format: JSON number of up to 64 bits. */
export type CopyNumber = bigint & { readonly __brand: "acme.library.CopyNumber" };

/** When a loan ends. Format: RFC 3339 date and time. */
export type Due = string;

export type Shelves = { [key in Genre]?: Isbn[] };

export type Format = "paper" | "audio" | "e-book";

/** What a book is about. */
export type Genre =
  /** Made up. */
  | "novel"
  | "science"
  /**
   * Cheap.
   *
   * @deprecated say `novel`
   */
  | "pulp"
  | (string & {});

/** @deprecated Use BCP 47 tags. */
export type Language =
  | "korean"
  | "english"
  | "german"
  | "french"
  | "spanish"
  | "portuguese"
  | "japanese"
  | "chinese"
  | "hindi"
  | (string & {});

/** Has no fields */
export interface Nothing {}

/**
 * One title.
 *
 * Copies of it are counted, not listed, since most people want any copy that is there
 * at the time.
 */
export interface Book {
  isbn: Isbn;
  /**
   * As it stands on the cover
   *
   * @example `"홍길동전"`
   */
  title: string;
  /** @defaultValue `"paper"` */
  format: Format;
  /** A set: no value stands twice. */
  genres: Genre[];
  /** Null stands for anonymous. */
  authors: (string | null)[];
  blurb: string | null;
  /**
   * Format: base64.
   *
   * @deprecated Ask the image service.
   */
  cover?: string;
  weight: number;
  /**
   * Format: decimal number.
   *
   * @example `"19.90"`
   */
  price: string;
  sequel?: Book;
  /** @defaultValue `true` */
  in_print: boolean;
}

/** Each scalar once. */
export interface Everything {
  a: boolean;
  b: number;
  c: number;
  d: number;
  /** Format: JSON number of up to 64 bits. */
  e: bigint;
  /** Format: JSON number of up to 64 bits. */
  f: bigint;
  g: number;
  h: number;
  /** Format: decimal number. */
  i: string;
  j: string;
  /** Format: base64. */
  k: string;
  /** Format: RFC 3339 date and time. */
  l: string;
  /** Format: ISO 8601 date. */
  m: string;
  /** Format: ISO 8601 time. */
  n: string;
  /** Format: ISO 8601 duration. */
  o: string;
  /** Format: UUID. */
  p: string;
  q: unknown;
  /** Keys: int32. Format: ISO 8601 date. */
  r: Record<string, string | null>;
  /** Keys: uuid. A set: no value stands twice. Format: base64. */
  s: Record<string, string[]>;
  /** Format: JSON number of up to 64 bits. */
  t: { [key in Format]?: bigint };
  /** Keys: Isbn. */
  u: Record<string, unknown>;
  /** Format: ISO 8601 time. */
  v: string[][];
}

/** A patch of {@link Book}: what is left out stays as it is, null clears. */
export interface BookPatch {
  isbn?: Isbn;
  /** As it stands on the cover */
  title?: string;
  format?: Format;
  /** A set: no value stands twice. */
  genres?: Genre[];
  /** Null stands for anonymous. */
  authors?: (string | null)[];
  blurb?: string | null;
  /**
   * Format: base64.
   *
   * @deprecated Ask the image service.
   */
  cover?: string | null;
  weight?: number;
  /** Format: decimal number. */
  price?: string;
  sequel?: Book | null;
  in_print?: boolean;
}

/** 1 to 5. */
export type Rating = number;

/** Where to write to. At most 320 characters, matches `^[^@\u0060]+@[^@]*\/?$`. */
export type Email = string & { readonly __brand: "acme.library.Email" };

/** At least 1 byte. Format: base64. */
export type Photo = string;

/**
 * Somebody with a card.
 *
 * Name in the schema: `Person`.
 */
export interface any_ {
  /**
   * As on the card. At least 1. Format: JSON number of up to 64 bits. Name in code:
   * `id`.
   */
  "x-card-id": bigint;
  /**
   * 1 to 100 characters. Name in code: `fullName`.
   *
   * @example `"Ada"`
   */
  name: string;
  /** Exactly 2 characters. Name in code: `short`. */
  "`*/`"?: string;
  /**
   * Above -10.00, at most 1000, a multiple of 0.01. Format: decimal number.
   *
   * @defaultValue `"0.00"`
   */
  balance: string;
  /** At least 0, below 1. */
  share: number;
  /**
   * Above 0, below 200.
   *
   * @deprecated Nobody asks.
   */
  age?: number;
  /** 1 to 3 items. */
  emails: Email[];
  /** At most 1 item. */
  tags: Record<string, string> | null;
  /** At most 65536 bytes. */
  photo?: Photo;
  /** @defaultValue `"n/a"` */
  mood: Mood;
}

export type Mood =
  /** Name in code: `fine`. */
  | "good"
  /** Nobody asked. Name in code: `unknown`. */
  | "n/a"
  | "bad"
  | (string & {});

/** A patch of {@link any_}: what is left out stays as it is, null clears. */
export interface PersonPatch {
  /**
   * As on the card. At least 1. Format: JSON number of up to 64 bits. Name in code:
   * `id`.
   */
  "x-card-id"?: bigint;
  /** 1 to 100 characters. Name in code: `fullName`. */
  name?: string;
  /** Exactly 2 characters. Name in code: `short`. */
  "`*/`"?: string | null;
  /** Above -10.00, at most 1000, a multiple of 0.01. Format: decimal number. */
  balance?: string;
  /** At least 0, below 1. */
  share?: number;
  /**
   * Above 0, below 200.
   *
   * @deprecated Nobody asks.
   */
  age?: number | null;
  /** 1 to 3 items. */
  emails?: Email[];
  /** At most 1 item. */
  tags?: Record<string, string> | null;
  /** At most 65536 bytes. */
  photo?: Photo | null;
  mood?: Mood;
}

/**
 * Nobody has it any more.
 *
 * The `data` of JSON-RPC error -32005, "book {isbn} is gone {{sorry}}".
 */
export interface BookGone {
  error: "acme.library.BookGone";
  status: "not_found";
  fields: {
    isbn: Isbn;
    /** The day it was missed. Format: ISO 8601 date. */
    since?: string;
  };
}

/**
 * The `data` of JSON-RPC error -32014.
 *
 * @deprecated We never close.
 */
export interface Closed {
  error: "acme.library.Closed";
  status: "unavailable";
  fields: {};
}

/**
 * The `data` of JSON-RPC error -32005.
 *
 * Name in the schema: `NoSuchPerson`.
 */
export interface PersonMissing {
  error: "acme.library.NoSuchPerson";
  status: "not_found";
  fields: {
    /** Format: JSON number of up to 64 bits. Name in code: `id`. */
    "x-card-id": bigint;
  };
}

/** The front desk. */
export interface Library {
  /**
   * Return a book.
   *
   * Ask by ISBN.
   *
   * Read-only. Timeout: 1 min 30 s.
   *
   * @param isbn - From the back cover. Example: `"9788937460470"`.
   * @throws {@link BookGone} Nobody has it any more.
   * @throws {@link Closed}
   * @example gildong
   * ```json
   * {
   *   "params": {"isbn": "9788937460470"},
   *   "returns": {
   *     "isbn": "9788937460470",
   *     "title": "홍길동전",
   *     "format": "paper",
   *     "genres": ["novel"],
   *     "authors": [null],
   *     "blurb": null,
   *     "weight": 310.5,
   *     "price": "12.00",
   *     "in_print": true
   *   }
   * }
   * ```
   */
  find(isbn: Isbn): Promise<Book>;

  /**
   * Read-only. Idempotent.
   *
   * @param words - All of them must occur.
   * @param class__ - The shelf; null is the floor. On the wire: `class`.
   * @param class_ - Default: `3`. Deprecated: It never worked.
   * @param genres - Any of them. A set: no value stands twice. Default: `["novel"]`.
   */
  search(
    words: string[],
    language?: Language,
    class__?: string | null,
    class_?: number,
    genres?: Genre[],
  ): Promise<Book[]>;

  /**
   * Timeout: 1.5 s.
   *
   * @throws {@link BookGone} Nobody has it any more.
   */
  lend(isbn: Isbn, copy: CopyNumber, until: Due): Promise<Due | null>;

  /** Idempotent. */
  change(isbn: Isbn, book: BookPatch): Promise<void>;

  count(): Promise<{ [key in Format]?: number }>;

  /**
   * The newest arrivals.
   *
   * @returns A set: no value stands twice.
   * @deprecated Use `search`.
   * @example none
   * ```json
   * {"params": {}, "returns": []}
   * ```
   * @example some
   * ```json
   * {"params": {}, "returns": ["9788937460470"]}
   * ```
   */
  "new"(): Promise<Isbn[]>;
}

/** @deprecated There is none. */
export interface Door {
  /**
   * @param times - At most 500. Default: `2`.
   * @example twice
   * ```json
   * {"params": {}}
   * ```
   */
  knock(times?: number): Promise<void>;
}

/** Name in the schema: `Desk`. */
export interface FrontDesk {
  /**
   * Name in code: `checkIn`.
   *
   * @param class_ - Who it is. On the wire: `in`.
   * @param rating - At least 2. On the wire: `x-rating`. Default: `3`.
   * @param notes - At most 1 item. Default: `[]`.
   * @throws {@link PersonMissing}
   * @example card
   * ```json
   * {
   *   "params": {
   *     "in": {
   *       "x-card-id": 7,
   *       "name": "Ada",
   *       "balance": "0.00",
   *       "share": 0.5,
   *       "emails": ["a@b"],
   *       "tags": null,
   *       "mood": "n/a"
   *     },
   *     "x-rating": 4
   *   },
   *   "returns": {
   *     "x-card-id": 7,
   *     "name": "Ada",
   *     "balance": "0.00",
   *     "share": 0.5,
   *     "emails": ["a@b"],
   *     "tags": null,
   *     "mood": "n/a"
   *   }
   * }
   * ```
   */
  enter(class_: any_, rating?: Rating, notes?: string[]): Promise<any_>;
}
