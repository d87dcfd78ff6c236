// Vite gives the text of a stylesheet that is imported so, minified.
declare module "*.css?inline" {
  const text: string;
  export default text;
}
