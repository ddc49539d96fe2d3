'use strict';

// mdBook's button for the contents is a label: give it what a button has for those who use no mouse.
(function contentsButton() {
    const button = document.getElementById('mdbook-sidebar-toggle');
    button.setAttribute('role', 'button');
    button.tabIndex = 0;
    button.addEventListener('keydown', event => {
        if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            button.click();
        }
    });
})();

// mdBook sets an empty handler here, which makes browsers load a page again on the way back.
window.onunload = null;
