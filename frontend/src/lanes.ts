export { mountLanes } from "./islands/lanes";
