// The page begins here. The style sheets that all others build on come first.
import "./frame/theme.css";
import "./frame/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./frame/App";
import { ui } from "./frame/ui";

ui.start();
const place = document.getElementById("page");
if (place !== null) createRoot(place).render(<App />);
