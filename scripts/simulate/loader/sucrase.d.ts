// Sucrase's parser, for which its package has no separate type declarations.
declare module "sucrase/dist/parser/index.js" {
  export interface Token {
    readonly type: number;
    readonly start: number;
    readonly end: number;
    /** Part of a type, so absent from the JavaScript. */
    readonly isType: boolean;
    readonly identifierRole: number | null | undefined;
  }

  /** @throws {Error} With `pos`, the position in the text. */
  export function parse(
    text: string,
    isJsx: boolean,
    isTypeScript: boolean,
    isFlow: boolean,
  ): { readonly tokens: readonly Token[] };
}

declare module "sucrase/dist/parser/tokenizer/types.js" {
  export const TokenType: Readonly<Record<string, number>>;
}
