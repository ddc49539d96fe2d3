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

// The button beside a console copies what somebody typed there, without prompts and answers.
(function copyWhatWasTyped() {
    const whole = window.playground_text;
    window.playground_text = function(pre, hidden) {
        const text = whole(pre, hidden);
        if (!pre.querySelector('code.language-console')) {
            return text;
        }
        const prompts = /^(?:>>>|\.\.\.|\$)(?: (.*))?$/;
        const typed = text.split('\n').map(line => line.match(prompts)).filter(Boolean);
        return typed.length === 0 ? text : typed.map(found => (found[1] || '') + '\n').join('');
    };
})();

// Grades a question: says of the chosen answer what stands under "Answer" about it.
(function questions() {
    for (const form of document.querySelectorAll('form.question')) {
        const verdict = form.querySelector('.question-verdict');
        const forget = () => {
            verdict.replaceChildren();
            delete form.dataset.verdict;
        };
        form.querySelector('button').disabled = false;
        form.addEventListener('change', forget);
        form.addEventListener('submit', event => {
            event.preventDefault();
            forget();
            const chosen = form.elements.choice.value;
            const reason = form.querySelector(`[data-choice="${chosen}"]`);
            const isRight = 'right' in reason.dataset;
            const word = document.createElement('b');
            word.textContent = isRight ? 'Right.' : 'Not this one.';
            verdict.append(word, ' ', ...reason.cloneNode(true).childNodes);
            form.dataset.verdict = isRight ? 'right' : 'wrong';
        });
    }
})();

// mdBook sets an empty handler here, which makes browsers load a page again on the way back.
window.onunload = null;
