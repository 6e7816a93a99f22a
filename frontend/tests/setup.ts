// jsdom draws nothing and so cannot scroll
if (typeof Element !== "undefined") Element.prototype.scrollIntoView = () => undefined;
