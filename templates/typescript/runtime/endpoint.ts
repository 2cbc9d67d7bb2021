/** The URL that a transport calls. */

/** Return `url` with the path where servers listen, unless it has one. */
export function withPath(url: string): string {
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(url)) {
    throw new TypeError("a URL with a password cannot be called: set `authorization`");
  }
  return /^[a-z]+:\/\/[^/?#]+$/i.test(url) ? `${url}/rpc` : url;
}
