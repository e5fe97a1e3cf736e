import { explorePairs } from "./pairs.ts";

explorePairs("hold");
