// Uses what is generated; each `@ts-expect-error` must be needed.
import {
  http,
  InvalidArgument,
  NotFound,
  raw,
  RpcError,
  validated,
} from "./generated/_idlgen/index.js";
import type { CallOptions, RawAnswer, Token, Transport } from "./generated/_idlgen/index.js";
import {
  DishCode,
  KitchenClient,
  ShelfNumber,
  SoldOut,
  TicketId,
  WashingUpClient,
} from "./generated/kitchen_sink/index.js";
import type {
  Course,
  Device,
  DishPatch,
  Heat,
  Sink,
  Ticket,
  TicketEvent,
} from "./generated/kitchen_sink/index.js";
import { UserNotFound, UserServiceClient } from "./generated/user/index.js";
import type { Page, Role, User, UserData, UserDataPartial } from "./generated/user/index.js";
import { validation } from "./generated/user/validation.js";

const transport: Transport = http("/rpc", { credentials: "include" });
const users = new UserServiceClient(transport, { timeout: 5_000, headers: { a: "b" } });
const kitchen = new KitchenClient(transport);

// @ts-expect-error a client needs a transport
new UserServiceClient("https://host/rpc");
export const checked = new UserServiceClient(validated(transport, validation));
// @ts-expect-error nothing is checked without what the schema says
validated(transport);
// @ts-expect-error a header is a text
new UserServiceClient(transport, { headers: { a: 1 } });

// Credentials are for clients of methods that ask for them.
const token: Token = async () => "t";
export const known = new KitchenClient(transport, { token, apiKey: "k", timeout: 1 });
// @ts-expect-error a token is a text
new KitchenClient(transport, { token: 5 });
// @ts-expect-error nor does a function give a number
new KitchenClient(transport, { token: () => 5 });
// @ts-expect-error no method of it asks for a token
new WashingUpClient(transport, { token });
// @ts-expect-error no method of it asks for a key
new UserServiceClient(transport, { apiKey: "k" });

// Pages.
export async function pages(options: CallOptions): Promise<string> {
  for await (const user of users.iterListUsers({ limit: 1 }, { timeout: 5 })) {
    const name: string = user.name;
    // @ts-expect-error there is no such field
    return name + user.items;
  }
  for await (const page of users.iterListUsers().pages()) {
    const next: string | undefined = page.next;
    // @ts-expect-error it may be absent
    const last: string = page.next;
    return last + next + page.items[0]?.name;
  }
  // @ts-expect-error a key is one call's
  users.iterListUsers({}, { idempotencyKey: "k" });
  // @ts-expect-error there may be a key in them
  users.iterListUsers({}, options);
  // @ts-expect-error the day must be given
  kitchen.iterBrowse();
  const step = await kitchen.iterListTickets().next();
  // @ts-expect-error it may be at its end
  step.value.id;
  return step.done === true ? "" : step.value.key;
}

// Answers with what came beside them.
export async function beside(): Promise<string | null> {
  const answer: RawAnswer<User> = await raw((options) => users.getUserById(1, options));
  const status: number = answer.status;
  // @ts-expect-error a result is asked for
  answer.result.email;
  // @ts-expect-error a stream has no one answer
  await raw((options) => kitchen.watchTickets({}, options));
  await users.deleteUser(1, { onResponse: ({ headers }) => headers.get("x-a") });
  return `${status} ${answer.result().name} ${answer.headers.get("x-team")}`;
}

// Calls.
export async function calls(signal: AbortSignal, options?: CallOptions): Promise<User> {
  const user: User = await users.getUserById(1, { signal, timeout: 100 });
  const page: Page<User> = await users.listUsers({ cursor: undefined }, options);
  await users.listUsers({ cursor: page.next });
  const last: bigint | undefined = (await kitchen.listTickets()).last;
  const found: Ticket | null = await kitchen.findTicket("x");
  // @ts-expect-error it may be null
  found.id;
  // @ts-expect-error an id is a number
  await users.getUserById("1");
  // @ts-expect-error the id must be given
  await users.getUserById();
  // @ts-expect-error there is no such option
  await users.getUserById(1, { timeOut: 100 });
  // @ts-expect-error there is no such param
  await users.listUsers({ curser: "x" });
  // @ts-expect-error there is no such method
  await users.getUser(1);
  // @ts-expect-error a result is a promise
  const early: User = users.getUserById(1);
  const nothing: void = await kitchen.ring();
  // @ts-expect-error a method without a result has none
  const something: string = await kitchen.ring();
  return [user, page, last, nothing, early, something].length > 0 ? user : early;
}

// Streams.
export async function streams(): Promise<string> {
  for await (const event of kitchen.watchTickets({ table: 1 })) {
    if (event.type === "placed") {
      return event.value.key;
    }
    // @ts-expect-error no other variant is known to carry this
    event.value.key;
  }
  const weighed: string = (await kitchen.weigh(new Set([1, 2]), { tare: 1 })).what;
  // @ts-expect-error portions are numbers
  await kitchen.weigh(["1"]);
  // @ts-expect-error a stream is no promise
  await kitchen.watchTickets().then();
  for await (const word of kitchen.talk(["a"], { timeout: 100 })) {
    // @ts-expect-error a word is a text
    const number: number = word;
    return word + number;
  }
  return weighed;
}

// Newtypes are made, and are none of each other.
const code: DishCode = DishCode("SO-01");
const ticketId: TicketId = TicketId(1n);
export const plain: [string, bigint] = [code, ticketId];
// @ts-expect-error a string is not yet a code
export const notCode: DishCode = "SO-01";
// @ts-expect-error an id of 64 bits is no number
TicketId(1);
// @ts-expect-error one newtype is not the other
export const shelf: ShelfNumber = ticketId;
// @ts-expect-error a code is not any string
void kitchen.getDish("SO-01");

// Open enums are any text, and complete; closed ones are what they list.
export const roles: Role[] = ["admin", "of tomorrow"];
export const course: Course = "1/2 main";
export const heat: Heat = "well-done";
// @ts-expect-error not one of the listed values
export const burnt: Heat = "burnt";

// Required members must be there, optional ones may be absent.
export const data: UserData = { name: "Ada", email: "a@b.c", roles: [] };
// @ts-expect-error no email
export const short: UserData = { name: "Ada", roles: [] };
// @ts-expect-error absent is not undefined
export const undef: UserData = { name: "Ada", email: "a@b.c", roles: [], nickname: undefined };

// A patch has three states.
export const patches: UserDataPartial[] = [{}, { nickname: null }, { nickname: "A" }];
// @ts-expect-error a name cannot be cleared
export const nameless: UserDataPartial = { name: null };
export const cooler: DishPatch = { heat: null };

// Integers of 64 bits are bigint both ways.
declare const sink: Sink;
export const litres: bigint = sink.litres;
// @ts-expect-error it may be absent
export const note: string | null = sink.note;
// @ts-expect-error not a number
export const wrongSink: Sink = { ...sink, plates: 1 };

// What is looked up in a map may not be there.
declare const ticket: Ticket;
// @ts-expect-error it may be undefined
export const line: number = ticket.lines[code];

// Unions narrow by their tags, and what nobody knows is left over.
export function told(event: TicketEvent): string | null {
  switch (event.type) {
    case "placed":
      return event.value.key;
    case "sent back":
      return event.value;
    case "cooking": {
      const cooking: DishCode = event.value;
      return cooking;
    }
    case "eaten":
      // @ts-expect-error it carries nothing
      return event.value;
    case "cooked":
    case "swapped":
    case "paid":
    case "forgotten":
      return null;
    default: {
      const value: unknown = event.value;
      // @ts-expect-error nobody knows what it carries
      const text: string = event.value;
      return text + String(value);
    }
  }
}
export function described(device: Device): number {
  switch (device.kind) {
    case "oven":
      return device.degrees;
    case "hood":
      return device.speed;
    case "replaced":
    case "unplugged":
      return 0;
    default: {
      const never: never = device;
      return never;
    }
  }
}
// @ts-expect-error not one of the variants
export const wrongEvent: TicketEvent = { type: "placed", value: "x" };

// Errors are classes with typed fields.
export function explained(error: unknown): string {
  if (error instanceof UserNotFound) {
    const id: number = error.fields.id;
    // @ts-expect-error there is no such field
    error.fields.email;
    // @ts-expect-error fields are read, not written
    error.fields.id = 2;
    return `${id} ${error.message}`;
  }
  if (error instanceof SoldOut) {
    const backAt: string | undefined = error.fields.back_at;
    return `${error.fields["x-code"]} ${backAt}`;
  }
  if (error instanceof InvalidArgument) {
    return error.problems.map((problem) => problem.path).join();
  }
  if (error instanceof NotFound) {
    const status: "not_found" = error.status;
    return status;
  }
  return error instanceof RpcError ? error.status : String(error);
}
// @ts-expect-error a UserNotFound has an id
export const incomplete = new UserNotFound({});
export const made: NotFound = new UserNotFound({ id: 1 });
