/** Values as JSON texts, where they may hold `bigint`. */

/**
 * Return the JSON text of a value that may hold `bigint`.
 *
 * @throws TypeError: a number is NaN or infinite, for which JSON has no text.
 */
export function write(value: unknown): string | undefined {
  if (typeof value === "bigint") {
    return value.toString();
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`JSON has no text for ${value}`);
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    // With an exponent it is read as the float that it is, not as a long integer.
    return (value as number).toExponential();
  }
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value) as string | undefined;
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => write(item) ?? "null").join(",")}]`;
  }
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return write(value.toJSON());
  }
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    const text = write(member);
    if (text !== undefined) {
      members.push(`${JSON.stringify(key)}:${text}`);
    }
  }
  return `{${members.join(",")}}`;
}
