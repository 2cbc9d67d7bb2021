// Prints, for each file of its arguments, what TypeScript's own scanner finds in it:
// a JSON list of [kind, text, value] for each token that is no comment or space.
// A literal without an end and a comment that commands the compiler are fatal.
import { readFileSync } from "node:fs";
import { SyntaxKind } from "typescript/unstable/ast";
import { createScanner } from "typescript/unstable/ast/scanner";

const skipTrivia = true;

function tokens(path) {
  const scanner = createScanner(skipTrivia);
  scanner.setText(readFileSync(path, "utf-8"));
  const found = [];
  while (scanner.scan() !== SyntaxKind.EndOfFile) {
    if (scanner.isUnterminated()) {
      throw new Error(`${path}:${scanner.getTokenStart()}: no end`);
    }
    const kind = SyntaxKind[scanner.getToken()];
    found.push([kind, scanner.getTokenText(), scanner.getTokenValue()]);
  }
  if (scanner.isUnterminated() || scanner.getCommentDirectives()?.length) {
    throw new Error(`${path}: a comment that has no end, or commands the compiler`);
  }
  return found;
}

console.log(JSON.stringify(process.argv.slice(2).map(tokens)));
