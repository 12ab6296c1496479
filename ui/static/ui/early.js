// Before the first paint: what needs scripts may show.
document.documentElement.classList.add("js");
