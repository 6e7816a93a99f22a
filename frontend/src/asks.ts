export { mountAsking } from "./asks/area";
