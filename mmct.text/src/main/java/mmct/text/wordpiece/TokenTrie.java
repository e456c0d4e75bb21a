package mmct.text.wordpiece;

import java.util.Arrays;
import java.util.List;

/// All tokens of a vocabulary as a tree of characters, to find the longest token at a place of a
/// word in one walk and without making strings.
///
/// Edges lie in an open-addressing table: key (node, character), value the child.
final class TokenTrie {
  private static final int NONE = -1;
  private static final int ROOT = 0;

  private final int mask;
  private final long[] edges;
  private final int[] children;
  private final int[] ids;
  private final int continuation;
  private int nodes = 1;

  /// Builds the tree of tokens in the order of their ids.
  TokenTrie(List<String> tokens) {
    int characters = Math.toIntExact(tokens.stream().mapToLong(String::length).sum() + 3);
    int capacity = Integer.highestOneBit(Math.max(characters, 8)) * 4;
    mask = capacity - 1;
    edges = new long[capacity];
    Arrays.fill(edges, NONE);
    children = new int[capacity];
    ids = new int[characters];
    Arrays.fill(ids, NONE);
    continuation = node("##");
    for (int id = 0; id < tokens.size(); id++) {
      ids[node(tokens.get(id))] = id;
    }
  }

  /// The longest token that a word holds at a place.
  ///
  /// @return the end of the token in the upper 32 bits and its id in the lower; -1 where none fits
  long longest(String word, int start) {
    int node = start == 0 ? ROOT : continuation;
    long best = NONE;
    for (int i = start; i < word.length(); i++) {
      node = child(node, word.charAt(i));
      if (node == NONE) {
        break;
      }
      if (ids[node] != NONE) {
        best = (long) (i + 1) << Integer.SIZE | ids[node];
      }
    }
    return best;
  }

  private int child(int node, char character) {
    int slot = slot(node, character);
    return edges[slot] == NONE ? NONE : children[slot];
  }

  private int node(String token) {
    int node = ROOT;
    for (int i = 0; i < token.length(); i++) {
      int slot = slot(node, token.charAt(i));
      if (edges[slot] == NONE) {
        edges[slot] = key(node, token.charAt(i));
        children[slot] = nodes++;
      }
      node = children[slot];
    }
    return node;
  }

  private int slot(int node, char character) {
    long key = key(node, character);
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 40) & mask;
    while (edges[slot] != NONE && edges[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static long key(int node, char character) {
    return (long) node << Character.SIZE | character;
  }
}
