// Vite turns such an import of a stylesheet into its minified text.
declare module "*.css?inline" {
  const text: string;
  export default text;
}
