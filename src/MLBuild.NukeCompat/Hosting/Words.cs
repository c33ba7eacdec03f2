using System.Text;

namespace MLBuild.NukeCompat;

/// <summary>Parts a member's name into words: LearningRate is learning-rate on the command line.</summary>
internal static class Words
{
    // Brand names stay one word although they have two humps.
    private static readonly string[] Brands = ["GitHub", "GitLab", "NuGet", "DotNet"];

    public static string Dashed(string name) => Joined(name, '-').ToLowerInvariant();

    public static string Joined(string name, char separator)
    {
        foreach (var brand in Brands)
            name = name.Replace(brand, brand[0] + brand[1..].ToLowerInvariant(), StringComparison.Ordinal);
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                text.Append(separator);
            text.Append(name[i]);
        }
        return text.ToString();
    }
}
