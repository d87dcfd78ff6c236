export declare const RUN: string;
export declare function processesOf(
  folder: string,
): { pid: number; parent: number; command: string }[];
