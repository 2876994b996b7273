import { useEffect, useState } from "/studio/vendor/htm_preact.js";
import { get } from "/studio/api.js";

const EVERY = "mul";

// The voices that a film is worth; espeak speaks only what no other voice can.
export function useVoices(onProblem) {
  const [voices, setVoices] = useState([]);
  useEffect(() => {
    get("/api/v1/voices").then((found) => setVoices(found.filter((each) => each.provider !== "espeak")))
      .catch((error) => onProblem(error.message));
  }, []);
  return voices;
}

export const namesOf = (voices, usual) =>
  [["", usual], ...voices.map((each) => [each.name, `${each.name}, ${nameOf(each.language)}`])];

function nameOf(language) {
  if (language === EVERY) return "every language";
  return new Intl.DisplayNames(["en"], { type: "language" }).of(language);
}
