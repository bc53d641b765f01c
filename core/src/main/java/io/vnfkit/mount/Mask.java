package io.vnfkit.mount;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Content that stands in for a file or directory of sysfs or procfs inside a VNF.
 *
 * <p>All masks of a VNF lie on one read-only tmpfs; each mask costs one bind mount, and so does each {@link Original}
 * in it. Symbolic links cost none, and relative links resolve from the masked place, so prefer them.
 *
 * @param target absolute path of the file or directory that is covered
 * @param content what is seen there instead
 */
public record Mask(Path target, Entry content) {

    /** Checks the parts. */
    public Mask {
        Objects.requireNonNull(content, "content");
        if (!target.isAbsolute() || !target.equals(target.normalize())) {
            throw new IllegalArgumentException("a mask takes an absolute path without . and ..: " + target);
        }
        if (content instanceof Original || content instanceof Link) {
            throw new IllegalArgumentException("a mask stands for a file or a directory, not for " + content);
        }
    }

    /**
     * A mask with the target as text.
     *
     * @param target absolute path of the file or directory that is covered
     * @param content what is seen there instead
     * @return the mask
     */
    public static Mask over(String target, Entry content) {
        return new Mask(Path.of(target), content);
    }

    /** Something in the tree of a mask. */
    public sealed interface Entry {}

    /**
     * A directory.
     *
     * @param children what it holds, in the order in which it is made
     */
    public record Directory(List<Named> children) implements Entry {

        /** A directory without anything in it. */
        public static final Directory EMPTY = new Directory(List.of());

        /** Copies the list. */
        public Directory {
            children = List.copyOf(children);
        }
    }

    /**
     * An entry of a directory.
     *
     * @param name its name
     * @param entry what it is
     */
    public record Named(String name, Entry entry) {

        /** Checks the parts. */
        public Named {
            Objects.requireNonNull(entry, "entry");
            if (name.isEmpty() || name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException("not a file name: \"" + name + "\"");
            }
        }
    }

    /**
     * A file, readable for all.
     *
     * @param content what it holds
     */
    public record File(FileContent content) implements Entry {

        /** Checks that it is there. */
        public File {
            Objects.requireNonNull(content, "content");
        }

        /**
         * A file with a fixed text.
         *
         * @param text the whole content
         * @return the file
         */
        public static File of(String text) {
            return new File(new FileContent.Text(text));
        }
    }

    /**
     * A symbolic link.
     *
     * @param target as it is written, usually relative
     */
    public record Link(String target) implements Entry {

        /** Checks that it is there. */
        public Link {
            Objects.requireNonNull(target, "target");
        }
    }

    /**
     * The directory that the VNF would see at this place without the mask, with live content. Costs one bind mount.
     *
     * @param source absolute path of the original inside the VNF; usually the place of this entry
     */
    public record Original(Path source) implements Entry {

        /** Checks that it is there. */
        public Original {
            Objects.requireNonNull(source, "source");
        }
    }
}
