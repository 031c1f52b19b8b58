// What the page lends to the part of it that is loaded later: whatever has a state of which there must be one only.
import { Fragment, useEffect, useMemo, useRef, useState } from "react";
import { jsx, jsxs } from "react/jsx-runtime";
import { Button } from "../controls/Button";
import { Dialog } from "../controls/Dialog";
import { paintGrid, prepared } from "../eq/paint";
import { notify } from "../frame/notices";
import { onTheme, themeColour } from "../frame/theme";
import { node, useNode } from "../node/store";
import { NumberField } from "../parameters/NumberField";
import { lawOf } from "../parameters/law";
import { useUnits } from "../parameters/settings";

export const host = {
    react: { Fragment, useEffect, useMemo, useRef, useState, jsx, jsxs },
    Button, Dialog, NumberField, lawOf, node, notify, onTheme, paintGrid, prepared, themeColour, useNode, useUnits,
};

export type Host = typeof host;
