/// Finds pictures by a sentence. The modalities are named because providers are looked for among
/// the modules that are loaded, and nothing else would load theirs.
module org.example.serving {
  requires mmct.eval;
  requires mmct.vision;
  requires mmct.text;
}
