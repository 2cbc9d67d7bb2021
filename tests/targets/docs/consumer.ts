// Uses the declarations of rich.yaml; each `@ts-expect-error` must be needed.
import type {
  Book,
  BookGone,
  BookPatch,
  CopyNumber,
  Format,
  Genre,
  Email,
  FrontDesk,
  Isbn,
  Library,
  PersonMissing,
  any_,
} from "./library";

declare const library: Library;

// Plain JSON values do not become newtypes by themselves.
const isbn = "9788937460470" as Isbn;
const copy = 7n as CopyNumber;
// @ts-expect-error a string is not yet an Isbn
const plainText: Isbn = "9788937460470";
// @ts-expect-error one newtype is not the other
const confused: CopyNumber = isbn;
const back: string = isbn;

// Closed enums are what they list, open ones any text.
const paper: Format = "paper";
// @ts-expect-error not one of the listed values
const papyrus: Format = "papyrus";
const known: Genre = "novel";
const fromTheFuture: Genre = "hyperfiction";
// @ts-expect-error not a text
const five: Genre = 5;

// Required members must be there, optional ones may be absent.
const book: Book = {
  isbn,
  title: "홍길동전",
  format: "paper",
  genres: ["novel"],
  authors: [null, "허균"],
  blurb: null,
  weight: 310.5,
  price: "12.00",
  in_print: true,
};
// @ts-expect-error no title, and more
const untitled: Book = { isbn };
// @ts-expect-error a decimal is a text
const cheap: Book = { ...book, price: 12 };
// @ts-expect-error null is not how a field is left out
const covered: Book = { ...book, cover: null };
// @ts-expect-error this one is always written
const unwritten: Book = { ...book, blurb: undefined };
const sequel: string | undefined = book.sequel?.title;

// A patch has nothing that must be there, and null clears what can be cleared.
const patch: BookPatch = { blurb: null, sequel: null };
// @ts-expect-error a title cannot be cleared
const nameless: BookPatch = { title: null };

async function lend(): Promise<string> {
  const found = await library.find(isbn);
  await library.search(["gildong"]);
  await library.search(["gildong"], "korean", null, 3, ["novel"]);
  // @ts-expect-error the words are required
  await library.search();
  // @ts-expect-error a plain text
  await library.find("9788937460470");
  // @ts-expect-error misspelt
  await library.fnd(isbn);
  // @ts-expect-error a number where a bigint must be
  await library.lend(isbn, 7, "2026-01-01T00:00:00Z");
  const due: string | null = await library.lend(isbn, copy, "2026-01-01T00:00:00Z");
  const nothing: void = await library.change(isbn, patch);
  const count: number | undefined = (await library.count()).audio;
  // @ts-expect-error no format of that name
  (await library.count()).papyrus;
  // @ts-expect-error the await is missing
  const early: Book = library.find(isbn);
  const arrived: Isbn[] = await library.new();
  return found.title + due + nothing + count + early.title + arrived.length;
}

function gone(error: BookGone): string {
  const status: "not_found" = error.status;
  // @ts-expect-error the status is this one
  const other: "aborted" = error.status;
  return error.error + status + other + error.fields.isbn;
}

// Keys are the wire's, names of types and params what `name:` says.
const person: any_ = {
  "x-card-id": 7n,
  name: "Ada",
  balance: "0.00",
  share: 0.5,
  emails: ["ada@example.com" as Email],
  tags: null,
  mood: "fine",
};
// @ts-expect-error `id` is the schema's name, not the wire's
const idOf: bigint = person.id;
declare const desk: FrontDesk;
const entered: Promise<any_> = desk.enter(person, 4);
// @ts-expect-error the wire's name of the method is `enter`
desk.checkIn(person);
function missing(error: PersonMissing): bigint {
  const identity: "acme.library.NoSuchPerson" = error.error;
  return identity ? error.fields["x-card-id"] : 0n;
}

export { entered, idOf, missing };
export { back, confused, covered, five, fromTheFuture, gone, known, lend, nameless };
export { paper, papyrus, plainText, sequel, unwritten, untitled, cheap };
