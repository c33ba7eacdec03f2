using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;

namespace Shapes;

/// <summary>Each class is one way in which a method is reached through a slot of a base, an interface or a type
/// argument.</summary>
public static class ExplicitImplementation
{
    private interface IShape
    {
        double Area();
    }

    private sealed class Square : IShape
    {
        double IShape.Area() => 131;
    }

    public static double Value() => ((IShape)new Square()).Area();
}

public static class GenericVirtuals
{
    private abstract class Mapper
    {
        public abstract double Map<T>(T value);
    }

    private sealed class Lengths : Mapper
    {
        public override double Map<T>(T value) => $"{value}".Length + 132;
    }

    public static double Value()
    {
        Mapper mapper = new Lengths();
        return mapper.Map("text");
    }
}

public static class NewConstraint
{
    private sealed class Widget
    {
        public double Size = 133;
    }

    private static T Make<T>() where T : new() => new();

    public static double Value() => Make<Widget>().Size;
}

public static class Comparers
{
    private sealed class ByRest : IComparer<int>
    {
        public int Compare(int one, int other) => (one % 134).CompareTo(other % 7);
    }

    public static double Value() => new[] { 3, 400, 500 }.Order(new ByRest()).First();
}

public static class Keys
{
    private sealed class Key(string text)
    {
        private readonly string _text = text;

        public override bool Equals(object? other) => other is Key key && key._text.Length == _text.Length % 135;

        public override int GetHashCode() => _text.Length % 136;
    }

    public static double Value() => new HashSet<Key> { new("one"), new("two") }.Count;
}

public static class Texts
{
    private readonly struct Point
    {
        public override string ToString() => "137";
    }

    public static double Value() => $"{new Point()}".Length;
}

public static class VirtualDelegates
{
    private class Animal
    {
        public virtual double Legs() => 138;
    }

    private sealed class Bird : Animal
    {
        public override double Legs() => base.Legs() + 139;
    }

    public static double Value()
    {
        Animal animal = new Bird();
        Func<double> legs = animal.Legs;
        return legs();
    }
}

public static class PrimaryConstructors
{
    private sealed class Line(double slope)
    {
        private readonly double _offset = slope + 140;

        public double At(double x) => slope * x + _offset;
    }

    public static double Value() => new Line(2).At(3);
}

public static class CovariantReturns
{
    private class Food
    {
        public virtual object Taste() => 1.0;
    }

    private sealed class Cake : Food
    {
        public override string Taste() => "141";
    }

    public static double Value()
    {
        Food food = new Cake();
        return $"{food.Taste()}".Length;
    }
}

public static class BaseConstructors
{
    private abstract class Root
    {
        protected Root() => Depth = Measure();

        public double Depth { get; }

        protected abstract double Measure();
    }

    private sealed class Leaf : Root
    {
        protected override double Measure() => 142;
    }

    public static double Value() => new Leaf().Depth;
}

public static class NestedGenerics
{
    private sealed class Outer<T>
    {
        public sealed class Inner<TOther>(T one, TOther other)
        {
            public double Size() => $"{one}{other}".Length + 143;
        }
    }

    public static double Value() => new Outer<int>.Inner<string>(1, "two").Size();
}

public static class GenericMath
{
    private readonly record struct Meters(double Value) : IAdditionOperators<Meters, Meters, Meters>
    {
        public static Meters operator +(Meters one, Meters other) => new(one.Value + other.Value + 144);
    }

    private static T Sum<T>(T one, T other) where T : IAdditionOperators<T, T, T> => one + other;

    public static double Value() => Sum(new Meters(1), new Meters(2)).Value;
}

public static class ExternalBase
{
    private sealed class Loud : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++)
                WriteByte((byte)(buffer[offset + i] % 145));
        }
    }

    public static double Value()
    {
        var stream = new Loud();
        using (var copy = new MemoryStream([1, 2, 250]))
            copy.WriteTo(stream);
        return stream.ToArray().Sum(value => value);
    }
}

public static class ExternalInterface
{
    private sealed class Amount : IFormattable
    {
        public string ToString(string? format, IFormatProvider? provider) => "146";
    }

    public static double Value() => string.Format(CultureInfo.InvariantCulture, "{0:F2}", new Amount()).Length;
}

public static class RecordParts
{
    private record Base(int Number)
    {
        public virtual int Rest { get; init; } = Number % 147;
    }

    private sealed record Derived(int Number, string Text) : Base(Number)
    {
        public override string ToString() => Text + (Number + 148);
    }

    public static double Value() => (new Derived(200, "x") with { Text = "text" }).ToString().Length
        + new Derived(300, "y").Rest;
}

public static class InterfaceChain
{
    private interface IFirst
    {
        double First() => Second() + 149;

        double Second();
    }

    private interface IBoth : IFirst
    {
        double IFirst.Second() => 150;
    }

    private sealed class Both : IBoth;

    public static double Value() => ((IFirst)new Both()).First();
}

public static class InheritedImplementation
{
    private interface ISized
    {
        double Size();
    }

    private class Parent
    {
        public double Size() => 151;
    }

    private sealed class Child : Parent, ISized;

    public static double Value() => ((ISized)new Child()).Size();
}

public static class ConstrainedCalls
{
    private interface ICounter
    {
        double Next();
    }

    private struct Counter : ICounter
    {
        private double _count;

        public double Next() => _count += 152;
    }

    private static double Twice<T>(T counter) where T : struct, ICounter => counter.Next() + counter.Next();

    public static double Value() => Twice(new Counter());
}
