/// The one door to what lies below Deep Java Library.
package mmct.api.engine;
