import { explorePairs } from "./pairs.ts";

explorePairs("replay");
