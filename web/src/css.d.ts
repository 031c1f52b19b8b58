// esbuild takes style sheets in where they are imported.
declare module "*.css";
