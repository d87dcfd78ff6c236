// Sucrase's parser, which its package describes only as a part of the whole.
declare module "sucrase/dist/parser/index.js" {
  export interface Token {
    readonly type: number;
    readonly start: number;
    readonly end: number;
    /** Part of a type: JavaScript has nothing of it. */
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
