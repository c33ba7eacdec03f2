using System.Globalization;
using System.Text;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>Writes the splits of LightGBM's text so that ML.NET, which keeps less of them, sends every row where
/// LightGBM does.</summary>
/// <remarks>ML.NET rounds a threshold to single precision, upwards too. An absent value it replaces by the threshold,
/// or by the threshold + 1 where it is to go right; of a threshold of 16,777,216 or more that is the threshold again,
/// and so absent values go left. LightGBM has such a threshold, infinity, wherever it tells absent values from all
/// others. And in a tree that saw no absent values it compares them with nothing, where LightGBM takes them for
/// 0.</remarks>
internal sealed class LightGbmSplits
{
    // Bits of a split's decision_type (LightGBM, tree.h): by category; absent values go left; what an absent value is.
    private const int IsLeft = 2;
    private const int MissingShift = 2;
    private const int MissingIsZero = 1;
    private const int MissingIsNan = 2;

    private readonly FeatureSchema _features;
    private readonly string[] _lines;

    private LightGbmSplits(string text, FeatureSchema features) => (_lines, _features) = (text.Split('\n'), features);

    /// <exception cref="ForeignModelException">The trees take zeros for absent values.</exception>
    /// <exception cref="TrainingDataException">A threshold is too large for a split that sends absent values
    /// right.</exception>
    public static byte[] Exact(byte[] text, FeatureSchema features)
    {
        var splits = new LightGbmSplits(Encoding.UTF8.GetString(text), features);
        for (var line = 0; line < splits._lines.Length; line++)
        {
            if (splits._lines[line].StartsWith("Tree=", StringComparison.Ordinal))
                splits.RewriteTree(line + 1);
        }
        return Encoding.UTF8.GetBytes(string.Join('\n', splits._lines));
    }

    private void RewriteTree(int line)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (; line < _lines.Length && _lines[line].Contains('='); line++)
            places[_lines[line].Split('=')[0]] = line;
        // A tree of one leaf.
        if (!places.ContainsKey("split_feature"))
            return;
        var (features, thresholds) = (Values("split_feature"), Values("threshold"));
        var (decisions, left, right) = (Values("decision_type"), Values("left_child"), Values("right_child"));
        for (var node = 0; node < features.Length; node++)
        {
            var threshold = Number(thresholds[node]);
            var numbers = LargestFloat(threshold);
            if (SendsAbsentLeft(int.Parse(decisions[node], CultureInfo.InvariantCulture), threshold))
                // No absent value would be told apart where all are replaced by 0.
                Set(node, numbers == 0 ? float.Epsilon : numbers, isLeft: true);
            else if (numbers == float.MaxValue)
            {
                // All numbers left and the absent right: that is, below −∞ only the absent.
                Set(node, double.NegativeInfinity, isLeft: true);
                (left[node], right[node]) = (right[node], left[node]);
            }
            else
                Set(node, Below(numbers) ?? throw TooLarge(features[node], threshold), isLeft: false);
        }
        foreach (var (name, values) in new[]
        {
            ("threshold", thresholds), ("decision_type", decisions), ("left_child", left), ("right_child", right),
        })
            _lines[places[name]] = $"{name}={string.Join(' ', values)}";

        string[] Values(string name) =>
            _lines[places[name]].Split('=')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        void Set(int node, double threshold, bool isLeft)
        {
            thresholds[node] = double.IsInfinity(threshold)
                ? "-inf"
                : threshold.ToString("R", CultureInfo.InvariantCulture);
            decisions[node] = ((MissingIsNan << MissingShift) | (isLeft ? IsLeft : 0))
                .ToString(CultureInfo.InvariantCulture);
        }
    }

    private TrainingDataException TooLarge(string feature, double threshold) => new(
        $"Feature '{_features.Columns[int.Parse(feature, CultureInfo.InvariantCulture)].Name}' is split at "
        + FormattableString.Invariant($"{threshold:R} and absent in some rows, and of such a size ML.NET cannot tell ")
        + "the two apart. Let the feature be in a larger unit.");

    private static bool SendsAbsentLeft(int decision, double threshold) => (decision >> MissingShift) switch
    {
        MissingIsNan => (decision & IsLeft) != 0,
        MissingIsZero => throw new ForeignModelException(
            "The model takes zeros for absent values, and ML.NET does not. Train it without zero_as_missing."),
        _ => threshold >= 0,
    };

    private static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    // A single-precision number is at most a threshold if it is at most this one.
    private static float LargestFloat(double threshold)
    {
        // No feature is infinite.
        var nearest = Math.Min((float)threshold, float.MaxValue);
        return nearest > threshold ? MathF.BitDecrement(nearest) : nearest;
    }

    // A threshold that rounds to a number, so that 1 more rounds to a larger one; null if there is none.
    private static double? Below(float number)
    {
        var middle = ((double)number + MathF.BitIncrement(number)) / 2;
        double[] candidates = [number, middle - 0.5];
        foreach (var candidate in candidates)
        {
            if ((float)candidate == number && (float)(candidate + 1) > number)
                return candidate;
        }
        return null;
    }
}
