document.documentElement.classList.add("with-js");
