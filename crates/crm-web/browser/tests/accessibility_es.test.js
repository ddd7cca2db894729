import { testStates } from "../lib/accessible.js";

testStates("es");
