package io.vnfkit;

import io.vnfkit.dpdk.EalOption;
import java.util.List;
import java.util.Objects;

/** A part of a command whose words may depend on the grant. Implementations are immutable values. */
public interface CommandArgument {

    /**
     * The words that stand for this part.
     *
     * @param grant what the VNF was granted
     * @param contributed EAL options that features contributed
     * @return zero or more words
     */
    List<String> resolve(Grant grant, List<EalOption> contributed);

    /**
     * The words that this part is known to hold whatever the grant, for features that look for options.
     *
     * @return zero or more words
     */
    default List<String> words() {
        return List.of();
    }

    /**
     * What about this part would make the launch fail.
     *
     * @param grant what the VNF was granted
     * @param contributed EAL options that features contributed
     * @return what is wrong; empty if nothing is
     */
    default List<Problem> problems(Grant grant, List<EalOption> contributed) {
        return List.of();
    }

    /**
     * A fixed word.
     *
     * @param word the word
     */
    record Word(String word) implements CommandArgument {

        /**
         * Checks the word.
         *
         * @throws IllegalArgumentException if it holds a NUL, which would cut it short
         */
        public Word {
            Objects.requireNonNull(word, "word");
            if (word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a word of a command cannot hold a NUL character");
            }
        }

        @Override
        public List<String> resolve(Grant grant, List<EalOption> contributed) {
            return words();
        }

        @Override
        public List<String> words() {
            return List.of(word);
        }
    }
}
