export { mountEditor } from "./islands/editor";
