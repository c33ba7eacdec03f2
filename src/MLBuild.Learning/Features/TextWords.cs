using System.Globalization;
using System.Text;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Features;

/// <summary>What the words of a text are: its longest runs of letters, digits and marks that combine with them, in
/// lower case. All else is between words: <c>Can't re-open #42</c> has can, t, re, open and 42.</summary>
/// <remarks>Characters and cases are those of Unicode and of no language; half a surrogate pair is no letter. Nothing
/// is normalised, as that depends on the machine: an é that is one character and one that is two are different words.
/// Where texts come from several places, bring them to one form before they become rows.</remarks>
public static class TextWords
{
    /// <summary>The words of a text, in their order, as often as they are there.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsOfWord(rune))
                word.Append(Rune.ToLowerInvariant(rune));
            else if (word.Length > 0)
                yield return Taken(word);
        }
        if (word.Length > 0)
            yield return Taken(word);
    }

    /// <summary>The slot, from 0, in which a word counts among so many; the same in every process.</summary>
    /// <param name="word">As <see cref="Of"/> gives it.</param>
    public static int SlotOf(string word, int slots) => (int)(ValueHash.Of(word) % (ulong)slots);

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark;

    private static string Taken(StringBuilder word)
    {
        var text = word.ToString();
        word.Clear();
        return text;
    }
}
